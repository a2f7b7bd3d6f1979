import { deduplicationId } from '../../src/contract';
import type { Services } from '../../src/dlq-processor/core/invocation';
import type { DeadLetter, FailedPayment, Service } from '../../src/dlq-processor/core/ports';
import { hashOf } from '../kit/cores/telemetry';
import type { DeadLetter as Letter } from './dead-letter-queue';
import type { DlqInvocation } from './dlq-processor';
import type { SimulatedWorld } from './simulated-world';
import { LATE_MS, CLIENT_TIMEOUT_MS } from './table-call';

/** The ports of the DLQ processor over the simulated network, for one invocation. */
export function dlqServices(process: DlqInvocation, world: SimulatedWorld): Services {
  const { table, deadLetters, queue, invariants, core, quietUntil } = world;
  const call = callOf(process, world);
  const ask = <T>(what: string, signal: AbortSignal, effect: () => T) => call('payment table', what, signal, effect);
  return {
    clock: { now: () => process.clock() },
    accountHash: hashOf,
    telemetry: {
      info: (event, fields) => {
        process.log(event, fields);
      },
      warn: (event, fields) => {
        process.log(event, fields);
      },
      trace: (_segment, work) => work(),
    },
    index: {
      failed: (size, from, signal) =>
        ask('lists failed payments', signal, () => {
          const begin = Number(from?.begin ?? 0);
          const failed: FailedPayment[] = table.records
            .filter(({ payment_status }) => payment_status === 'FAILED')
            .sort((one, other) => (one.timestamp < other.timestamp ? 1 : -1));
          return {
            payments: failed.slice(begin, begin + size),
            next: begin + size < failed.length ? { begin: begin + size } : undefined,
          };
        }),
      heldAccounts: (size, from, signal) =>
        ask('lists held accounts', signal, () => {
          const begin = Number(from?.begin ?? 0);
          const { since } = table.held;
          return {
            accounts: since.slice(begin, begin + size),
            next: begin + size < since.length ? { begin: begin + size } : undefined,
          };
        }),
      latestApprovals: (size, signal) =>
        ask('lists approvals', signal, () =>
          table.records
            .filter(({ payment_status }) => payment_status === 'APPROVED')
            .slice(0, size)
            .map(({ release_id }) => release_id),
        ),
    },
    payments: {
      read: (id, signal) => ask(`reads ${id}`, signal, () => table.read(id)),
      insert: (record, signal) =>
        ask(`records ${record.transaction_id} as ${record.payment_status}`, signal, () =>
          table.record(record, process),
        ),
      reopen: (change, signal) =>
        ask(`lets ${change.record.transaction_id} be tried again`, signal, () => table.reopen(change, process)),
      giveUp: (change, signal) =>
        ask(`gives ${change.record.transaction_id} up`, signal, () => table.giveUp(change, process)),
    },
    holds: {
      read: (accountId, signal) => ask(`reads the hold of ${accountId}`, signal, () => table.held.read(accountId)),
      lift: (accountId, payment, signal) =>
        ask(`takes ${payment.transactionId} out of the hold of ${accountId}`, signal, () => {
          table.held.release(accountId, payment);
        }),
    },
    deadLetters: {
      depth: (signal) =>
        call('dead-letter queue', 'asks for the depth', signal, () => {
          const { letters } = deadLetters;
          const inFlight = letters.filter(({ hiddenUntil }) => hiddenUntil > world.time.now()).length;
          return { visible: letters.length - inFlight, inFlight };
        }),
      receive: (signal) =>
        call('dead-letter queue', 'receives dead letters', signal, () =>
          deadLetters.receive().map((letter) => process.readLetter(asDelivered(letter))),
        ),
      delete: (letter, signal) =>
        call('dead-letter queue', `deletes ${letter.messageId}`, signal, () => {
          invariants.answers.onDeleting(letter.messageId, process);
          deadLetters.queue.delete(letter);
        }),
      release: async (letters, signal) => {
        if (letters.length === 0) return 0;
        try {
          return await call(
            'dead-letter queue',
            `shows ${letters.map(({ messageId }) => messageId).join(', ')} again`,
            signal,
            () => {
              for (const letter of letters) deadLetters.queue.changeVisibility(letter, 0);
              return 0;
            },
          );
        } catch (error) {
          if (error instanceof core.ServiceError) return letters.length;
          throw error;
        }
      },
    },
    paymentQueue: {
      resend: ({ groupId, body, source }, signal) => {
        invariants.answers.onResending(groupId, source, process);
        return call('payment queue', `sends ${source} again`, signal, () => {
          const { messageId, isNew } = queue.send(groupId, body, deduplicationId.redrive(source));
          if (isNew) invariants.onResent(messageId, body, process);
          world.watch.tell(
            process.name,
            `${source} is ${messageId}${isNew ? '' : ', which the queue takes for a repetition'}`,
          );
        });
      },
    },
    topic: { publish: (_alert, signal) => call('alert topic', 'publishes an alert', signal, () => undefined) },
    alertMemory: {
      claim: (key, now, until, signal) =>
        ask('claims an alert', signal, () => {
          if ((quietUntil.get(key) ?? 0) > now) return false;
          quietUntil.set(key, until);
          return true;
        }),
      extend: (key, until, signal) =>
        ask('keeps an alert quiet', signal, () => {
          quietUntil.set(key, until);
        }),
    },
  };
}

type DlqCall = <T>(service: Service, what: string, signal: AbortSignal, effect: () => T) => Promise<T>;

/** One call of the DLQ processor, whatever goes wrong with it. */
function callOf(process: DlqInvocation, world: SimulatedWorld): DlqCall {
  const { troubles, random, watch } = world;
  return (service, what, signal, effect) => {
    const fault = process.canRun ? troubles.next('dlq processor')?.fault : undefined;
    const failed = (code: string) => new world.core.ServiceError(service, what, code);
    const common = { what, signal, givenUp: () => failed('AbortError') };
    if (fault === 'written late') {
      world.later(random.between(LATE_MS.low, LATE_MS.high), () => {
        effect();
        watch.tell(process.name, `${what}, long after it was given up`);
      });
      return process.call({
        ...common,
        latencyMs: CLIENT_TIMEOUT_MS,
        takesEffect: () => {
          throw failed('TimeoutError');
        },
      });
    }
    return process.call({
      ...common,
      crash: fault === 'crash before' || fault === 'crash after' ? fault : undefined,
      takesEffect: () => {
        if (fault === 'refused' || isOut(service, world)) throw failed('ThrottlingException');
        const result = effect();
        if (fault === 'answer lost') throw failed('TimeoutError');
        return fault === 'answer lost, and tried again' ? effect() : result;
      },
    });
  };
}

function isOut(service: Service, world: SimulatedWorld): boolean {
  return (
    (service === 'payment table' && world.isOut('table')) ||
    (service === 'dead-letter queue' && world.isOut('dead letters'))
  );
}

function asDelivered({
  messageId,
  receiptHandle = '',
  body,
  groupId,
  sequenceNumber,
  failureCode,
  parkedBehind,
}: Letter): DeadLetter {
  return {
    messageId,
    receiptHandle,
    body,
    groupId,
    sequenceNumber,
    ...(failureCode !== undefined && { failureCode }),
    ...(parkedBehind !== undefined && { parkedBehind }),
  };
}
