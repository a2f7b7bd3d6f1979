import { deduplicationId, type PaymentOutcome } from '../../src/contract';
import { type DeadLetters, NO_ATTEMPT, type PaymentStore, QueueMessage } from '../../src/processor/core/ports';
import type { Holds, OutcomeTopic } from '../../src/runtime/ports';
import { type DeadLetter, isOfRecord } from './dead-letter-queue';
import type { Invocation } from './invocation';
import type { SimulatedProcess } from './simulated-process';
import type { World } from './world';
import { LATE_MS, type TableCall, tableCall } from './table-call';

/** The payment table over the simulated network. */
export function tableFor(
  process: SimulatedProcess,
  world: World,
  invocation: Invocation,
  signal: AbortSignal,
): { store: PaymentStore; holds: Holds } {
  const call = tableCall(process, world, invocation, signal);
  return { store: storeOn(call, world, invocation), holds: holdsOn(call, world) };
}

function storeOn(call: TableCall, { table }: World, invocation: Invocation): PaymentStore {
  return {
    insert: (record) => call(`claims ${record.transaction_id}`, () => table.insert(record, invocation)),
    transition: (transition) =>
      call(`writes ${transition.transactionId} ${transition.entry.status}, attempt ${transition.entry.attempt}`, () =>
        table.transition(transition, invocation),
      ),
    markDeadLettered: (record, at) =>
      call(`notes the dead letter of ${record.transaction_id}`, () => table.markDeadLettered(record, at, invocation)),
    read: (transactionId) => call(`reads ${transactionId}`, () => table.read(transactionId)),
  };
}

function holdsOn(call: TableCall, { table: { held }, invariants }: World): Holds {
  return {
    read: (accountId) => call(`reads the hold of ${accountId}`, () => held.read(accountId)),
    hold: (accountId, payment, at) =>
      call(`holds ${accountId} for ${payment.transactionId}`, () => {
        held.hold(accountId, payment, at);
        invariants.onHoldWritten(payment);
      }),
    park: (accountId, payment, at) =>
      call(`parks ${payment.transactionId} of ${accountId}`, () => held.park(accountId, payment, at)),
    lift: (accountId, payment) =>
      call(`lifts ${payment.transactionId} from the hold of ${accountId}`, () => {
        held.lift(accountId, payment);
      }),
  };
}

/** The outcome topic over the simulated network. */
export function outcomesFor(
  process: SimulatedProcess,
  world: World,
  invocation: Invocation,
  signal: AbortSignal,
): OutcomeTopic | undefined {
  const { invariants, troubles, random, log } = world;
  if (!world.publishesOutcomes) return undefined;
  const failed = (code: string) => new world.core.ServiceError('outcome topic', 'publish an outcome', code);
  const publish = async (outcome: PaymentOutcome) => {
    const planned = troubles.next('outcomes')?.fault;
    const what = `publishes ${outcome.transaction_id} ${outcome.status}, attempt ${outcome.attempt}`;
    const takesEffect = () => {
      invariants.outcomes.onPublished(
        outcome,
        world.core.deduplicationId.outcome(outcome.transaction_id, outcome.status, outcome.attempt),
      );
    };
    if (planned === 'published late')
      world.later(random.between(LATE_MS.low, LATE_MS.high), () => {
        takesEffect();
        log.event(process.name, `${what}, long after it was given up`);
      });
    await process.call({
      what,
      signal,
      givenUp: () => failed('AbortError'),
      takesEffect: () => {
        const fault = world.isOut('outcomes') ? 'refused' : planned;
        if (fault !== undefined) invocation.isDisturbed = true;
        if (fault === 'refused' || fault === 'published late') throw failed('ServiceUnavailable');
        takesEffect();
        if (fault === 'answer lost') throw failed('TimeoutError');
      },
    });
    invocation.done.outcomesPublished++;
  };
  return {
    publish: (outcome) =>
      publish(outcome).catch((error: unknown) => {
        invocation.done.outcomesFailed++;
        throw error;
      }),
  };
}

/** The dead-letter queue over the simulated network. */
export function deadLettersFor(
  process: SimulatedProcess,
  world: World,
  invocation: Invocation,
  signal: AbortSignal,
): DeadLetters {
  const { deadLetters, invariants, troubles } = world;
  const failed = (code: string) => new world.core.ServiceError('dead-letter queue', 'take a message', code);

  const copy = (
    { messageId: sourceMessageId, groupId, body }: QueueMessage,
    why: Pick<DeadLetter, 'failureCode' | 'parkedBehind'>,
    attempt: number,
  ) => {
    const planned = troubles.next('dead letters')?.fault;
    return process.call({
      what: `sends ${sourceMessageId} to the dead-letter queue: ${why.failureCode ?? `parked behind ${String(why.parkedBehind)}`}`,
      signal,
      givenUp: () => {
        invocation.unanswered++;
        return failed('AbortError');
      },
      takesEffect: () => {
        const fault = world.isOut('dead letters') ? 'refused' : planned;
        if (fault !== undefined) invocation.isDisturbed = true;
        if (fault === 'refused') throw failed('ServiceUnavailable');
        deadLetters.send(
          { groupId, body, sourceMessageId, ...why },
          deduplicationId.quarantine(sourceMessageId, attempt),
        );
        if (why.parkedBehind !== undefined) {
          invocation.done.parked++;
          invariants.onParked(sourceMessageId, why.parkedBehind);
        }
        if (why.failureCode !== undefined && !isOfRecord(why.failureCode)) {
          invocation.done.refusedMessages++;
          invariants.onRefused(sourceMessageId);
        }
        if (fault === undefined) return;
        invocation.unanswered++;
        throw failed('TimeoutError');
      },
    });
  };

  return {
    send: (message, failureCode, attempt) => copy(message, { failureCode }, attempt),
    park: (message, parkedBehind) => copy(message, { parkedBehind }, NO_ATTEMPT),
  };
}
