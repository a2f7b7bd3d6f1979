import { isDecision } from '../../src/contract';
import type { DeadLetter } from './dead-letter-queue';
import type { SimulatedWorld } from './simulated-world';

const STEP_MS = { low: 5, high: 200 };

/**
 * An operator's redrive of all that the dead-letter queue holds, in its order: the record is PROCESSING again, the message
 * goes back to the queue, its copy goes. A model, step by step as the DLQ processor does it; what cannot succeed stays.
 */
export async function redriveAll(world: SimulatedWorld): Promise<void> {
  for (const letter of [...world.deadLetters.letters]) await redrive(world, letter);
}

async function redrive(world: SimulatedWorld, letter: DeadLetter): Promise<void> {
  const { table, deadLetters, invariants, watch } = world;
  const { payment } = invariants.accepted.get(letter.sourceMessageId)!.letter;
  if (payment === undefined) return;
  const { transaction_id, account_id } = payment.message;
  const record = table.read(transaction_id);
  if (record !== undefined && record.fingerprint !== payment.fingerprint) return;

  await pause(world);
  if (record !== undefined && isDecision(record.payment_status)) {
    const entry = table.held.read(account_id).find(({ transactionId, content }) => transactionId === transaction_id && payment.fingerprint.startsWith(content));
    if (entry !== undefined) table.held.release(account_id, entry);
    watch.tell('operator', `removes the copy of ${transaction_id}, which is settled`);
  } else {
    if (record?.payment_status === 'FAILED' && table.redrive(transaction_id, entryOf(world, record.attempts + 1))) {
      watch.tell('operator', `lets ${transaction_id} be tried again`);
    }
    await pause(world);
    world.redrive(letter);
  }
  await pause(world);
  deadLetters.delete(letter);
}

function entryOf({ time }: SimulatedWorld, attempt: number) {
  return { status: 'PROCESSING' as const, at: new Date(time.now()).toISOString(), attempt, request_id: 'operator', release_id: 'simulated' };
}

function pause({ time, random }: SimulatedWorld): Promise<void> {
  return time.sleep(random.between(STEP_MS.low, STEP_MS.high));
}
