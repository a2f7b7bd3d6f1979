import { isBlocking, isDecision } from '../../src/contract';
import { isoTime } from '../../src/runtime/ports';
import type { BulkAnswer } from '../../src/dlq-processor/core/bulk-answer';
import { DEDUPLICATION_INTERVAL_MS } from '../kit/fifo-queue';
import { probeMessage } from './client-messages';
import { DlqProcess } from './dlq-process';
import { type Recovery } from './operations';
import { SETTINGS } from './settings';
import type { World } from './world';

/** Each round lifts the hold of one payment at least. */
const MOST_ROUNDS = 20;
/** Repetitions of one event that has more to do. */
const MOST_REPETITIONS = 10;

/**
 * An operator when all troubles are over: sees by the table which accounts are held and what their oldest payments are, and makes each
 * continue by the DLQ processor alone. Then a new payment of each account must be decided.
 */
export async function recover(world: World, recovery: Recovery): Promise<void> {
  const { table, time, log } = world;
  const held = table.held.accounts;
  const again = table.unsent;
  if (held.length === 0 && again.length === 0) return;
  // What an invocation held that was killed is visible by then, and no deduplication id is remembered.
  await time.sleep(Math.max(SETTINGS.deadLetterVisibilityMs, DEDUPLICATION_INTERVAL_MS) + 1_000);
  if (again.length > 0) await operate(world, { action: 'redrive', transactionIds: again });
  await world.untilQuiet();
  for (const account of held) {
    for (let round = 0; round < MOST_ROUNDS && blocking(world, account).length > 0; round++) {
      await (round === 0 ? firstStep(world, recovery, account) : nextStep(world, recovery, account));
      await world.untilQuiet();
      if (log.violations.length > 0) return;
    }
  }
  const probes = held.map((account, index) => probeMessage(account, index, isoTime(time)));
  for (const probe of probes) world.send(probe);
  await world.untilQuiet();
  for (const { groupId, payment } of probes) {
    const { transaction_id } = payment!.message;
    const status = table.read(transaction_id)?.payment_status;
    if (status !== undefined && isDecision(status)) continue;
    const held = table.held
      .read(groupId)
      .map(({ transactionId }) => `${transactionId} (${table.read(transactionId)?.payment_status ?? 'no record'})`)
      .join(', ');
    log.violated(
      'no account blocked',
      `${groupId} does not continue after ${recovery}: ${transaction_id} is ${status ?? 'without a record'}, held: ${held}`,
    );
  }
}

/** Transaction ids of the account's hold whose payments an operator can redrive or discard, oldest first. */
function blocking({ table }: World, account: string): string[] {
  const entries = table.held.read(account).filter((entry) => isBlocking(entry, table.read(entry.transactionId)));
  return entries.map(({ transactionId }) => transactionId);
}

async function firstStep(world: World, recovery: Recovery, account: string): Promise<void> {
  switch (recovery) {
    case 'redrive by account':
      return operate(world, { action: 'redrive', accountIds: [account] });
    case 'discard by account':
      return operate(world, { action: 'discard', accountIds: [account] });
    case 'redrive by id':
      return operate(world, { action: 'redrive', transactionIds: blocking(world, account) });
    case 'discard by id':
      return operate(world, { action: 'discard', transactionIds: blocking(world, account) });
  }
}

/** A redriven payment may have failed again. Then the oldest one is discarded, and the others continue. */
async function nextStep(world: World, recovery: Recovery, account: string): Promise<void> {
  const [oldest] = blocking(world, account);
  if (world.table.read(oldest!)?.payment_status === 'FAILED')
    await operate(world, { action: 'discard', transactionIds: [oldest] });
  if (blocking(world, account).length > 0) await firstStep(world, recovery, account);
}

/** The same event again, as long as it has more to do. */
async function operate(world: World, event: Readonly<Record<string, unknown>>): Promise<void> {
  for (let time = 0; time < MOST_REPETITIONS; time++) {
    const answer = (await new DlqProcess(world, 'good operator', {
      ...event,
      reason: 'the troubles are over',
    }).run()) as BulkAnswer | undefined;
    if (answer?.more === false) return;
  }
  world.log.violated('answers true', `${JSON.stringify(event)} has more to do after ${MOST_REPETITIONS} times`);
}
