import { deduplicationId } from '../../src/contract';
import type { DeadLetters, PaymentStore } from '../../src/processor/core/ports';
import type { FunctionProcess } from './function-process';
import type { Invocation } from './invocation';
import type { SimulatedWorld } from './simulated-world';

/** Anything between a slow answer and one after the message has come back. */
const LATE_MS = { low: 5_000, high: 500_000 };
/** When the SDK gives a call up. */
const CLIENT_TIMEOUT_MS = 4_000;

/** The payment table over the simulated network. */
export function storeFor(process: FunctionProcess, world: SimulatedWorld, invocation: Invocation): PaymentStore {
  const { table, troubles, watch } = world;
  const { StoreError } = world.core;

  const call = <T>(what: string, isWrite: boolean, signal: AbortSignal, effect: () => T): Promise<T> => {
    const planned = troubles.next('table')?.fault;
    const failed = (code: string) => new StoreError(what, code);
    const givenUp = () => {
      invocation.unanswered++;
      return failed('AbortError');
    };
    if (planned === 'written late') {
      invocation.isDisturbed = true;
      if (isWrite) world.later(between(LATE_MS), () => { effect(); watch.tell(process.name, `${what}, long after it was given up`); });
      const timesOut = () => { throw failed('TimeoutError'); };
      return process.call({ what, signal, givenUp, takesEffect: timesOut, latencyMs: CLIENT_TIMEOUT_MS });
    }
    return process.call({
      what,
      signal,
      givenUp,
      takesEffect: () => {
        const fault = world.isOut('table') ? 'throttled' : planned;
        if (fault !== undefined) invocation.isDisturbed = true;
        if (fault === 'throttled') throw failed('ThrottlingException');
        const result = effect();
        if (fault === undefined) return result;
        invocation.unanswered++;
        if (fault === 'answer lost') throw failed('TimeoutError');
        return effect(); // the SDK's own second try meets its first
      },
    });
  };

  const between = ({ low, high }: typeof LATE_MS) => world.random.between(low, high);

  return {
    insert: (record, signal) =>
      call(`claims ${record.transaction_id}`, true, signal, () => table.insert(record, invocation)),
    transition: (transition, signal) =>
      call(`writes ${transition.transactionId} ${transition.entry.status}, attempt ${transition.entry.attempt}`, true, signal, () =>
        table.transition(transition, invocation)),
    markDeadLettered: (record, at, signal) =>
      call(`notes the dead letter of ${record.transaction_id}`, true, signal, () => table.markDeadLettered(record, at, invocation)),
    read: (transactionId, signal) => call(`reads ${transactionId}`, false, signal, () => table.read(transactionId)),
  };
}

/** The dead-letter queue over the simulated network. */
export function deadLettersFor(process: FunctionProcess, world: SimulatedWorld, invocation: Invocation): DeadLetters {
  const { deadLetters, troubles } = world;
  const failed = (code: string) => new world.core.DeadLetterError(code);
  return {
    send: ({ messageId: sourceMessageId, groupId, body }, failureCode, signal) => {
      const planned = troubles.next('dead letters')?.fault;
      return process.call({
        what: `sends ${sourceMessageId} to the dead-letter queue: ${failureCode}`,
        signal,
        givenUp: () => {
          invocation.unanswered++;
          return failed('AbortError');
        },
        takesEffect: () => {
          const fault = world.isOut('dead letters') ? 'refused' : planned;
          if (fault !== undefined) invocation.isDisturbed = true;
          if (fault === 'refused') throw failed('ServiceUnavailable');
          deadLetters.send({ groupId, body, sourceMessageId, failureCode }, deduplicationId.quarantine(sourceMessageId));
          if (!failureCode.startsWith('FRAUD_CHECK')) invocation.done.refusedMessages++;
          if (fault === undefined) return;
          invocation.unanswered++;
          throw failed('TimeoutError');
        },
      });
    },
  };
}
