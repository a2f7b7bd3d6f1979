import type { DeadLetter, FailedPayment, Services } from '../../src/dlq-processor/core/ports';
import type { LogFields, Service } from '../../src/runtime/ports';
import { hashOf } from '../kit/cores/telemetry';
import type { DeadLetter as Letter } from './dead-letter-queue';
import type { DlqInvocation } from './invocation';
import type { SimulatedProcess } from './simulated-process';
import type { World } from './world';
import { LATE_MS, CLIENT_TIMEOUT_MS } from './table-call';

/**
 * The ports of the DLQ processor over the simulated network, for one invocation.
 * @param signal gives up all calls but those that only make messages visible again: those are given up with `lastSignal`
 */
export function dlqServices(
  process: SimulatedProcess,
  invocation: DlqInvocation,
  world: World,
  signal: AbortSignal,
  lastSignal: AbortSignal,
): Services {
  const { table, deadLetters, queue, invariants, log, core, suppressedUntil } = world;
  const call = callOf(process, world, invocation, signal);
  const lastCall = callOf(process, world, invocation, lastSignal);
  /** The operator sees what the core logs. */
  const onLogged = (event: string, fields: LogFields) => {
    if (!process.canRun) return;
    if (fields.error_code?.startsWith('Unexpected'))
      log.violated('answers true', `the DLQ processor met an error of its own: ${fields.error_code}`);
    invariants.onLogged(event, fields, invocation);
    log.event(process.name, `${event} ${fields.transaction_id ?? fields.message_id ?? ''} ${fields.error_code ?? ''}`);
  };
  const tableCall = <T>(what: string, effect: () => T) => call('payment table', what, effect);
  return {
    clock: { now: () => process.now() },
    accountHash: hashOf,
    telemetry: {
      info: (event, fields) => {
        onLogged(event, fields);
      },
      warn: (event, fields) => {
        onLogged(event, fields);
      },
      count: (metric) => {
        if (process.canRun) invocation.count(metric);
      },
      record: () => undefined,
    },
    index: {
      failed: (size, from) =>
        tableCall('lists failed payments', () => {
          const begin = Number(from?.begin ?? 0);
          const failed: FailedPayment[] = table.records
            .filter((record) => record.payment_status === 'FAILED')
            .sort((one, other) => (one.timestamp < other.timestamp ? 1 : -1));
          return {
            payments: failed.slice(begin, begin + size),
            next: begin + size < failed.length ? { begin: begin + size } : undefined,
          };
        }),
      oldestReview: () =>
        tableCall(
          'looks for the oldest review',
          () =>
            table.records
              .filter(({ payment_status }) => payment_status === 'REVIEW')
              .map(({ timestamp }) => timestamp)
              .sort()[0],
        ),
      heldAccounts: (size, from) =>
        tableCall('lists held accounts', () => {
          const begin = Number(from?.begin ?? 0);
          const { since } = table.held;
          return {
            accounts: since.slice(begin, begin + size),
            next: begin + size < since.length ? { begin: begin + size } : undefined,
          };
        }),
      latestApprovals: (size) =>
        tableCall('lists approvals', () =>
          table.records
            .filter(({ payment_status }) => payment_status === 'APPROVED')
            .slice(0, size)
            .map(({ release_id }) => release_id),
        ),
    },
    payments: {
      read: (id) => tableCall(`reads ${id}`, () => table.read(id)),
      insert: (record) =>
        tableCall(`records ${record.transaction_id} as ${record.payment_status}`, () =>
          table.record(record, invocation),
        ),
      reopen: (change) => tableCall(`reopens ${change.record.transaction_id}`, () => table.reopen(change, invocation)),
      giveUp: (change) => tableCall(`gives up ${change.record.transaction_id}`, () => table.giveUp(change, invocation)),
      resolve: (change) =>
        tableCall(`resolves ${change.record.transaction_id}`, () => table.resolve(change, invocation)),
    },
    holds: {
      read: (accountId) => tableCall(`reads the hold of ${accountId}`, () => table.held.read(accountId)),
      lift: (accountId, payment) =>
        tableCall(`takes ${payment.transactionId} out of the hold of ${accountId}`, () => {
          table.held.lift(accountId, payment);
        }),
    },
    deadLetters: {
      depth: () =>
        call('dead-letter queue', 'asks for the depth', () => {
          const { letters } = deadLetters;
          const inFlight = letters.filter(({ hiddenUntil }) => hiddenUntil > world.time.now()).length;
          return { visible: letters.length - inFlight, inFlight };
        }),
      receive: () =>
        call('dead-letter queue', 'receives dead letters', () =>
          deadLetters.receive().map((letter) => process.readable(asDelivered(letter))),
        ),
      delete: (letter) =>
        call('dead-letter queue', `deletes ${letter.messageId}`, () => {
          invariants.onDeletingLetter(letter.messageId, invocation);
          deadLetters.queue.delete(letter);
        }),
      release: async (letters) => {
        if (letters.length === 0) return 0;
        try {
          return await lastCall(
            'dead-letter queue',
            `shows ${letters.map(({ messageId }) => messageId).join(', ')} again`,
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
      resend: ({ groupId, body, source, attempt }) => {
        invariants.answers.onResending(groupId, source, invocation);
        return call('payment queue', `sends ${source} again`, () => {
          const { messageId, isNew } = queue.send(groupId, body, core.deduplicationId.redrive(source, attempt));
          if (isNew) invariants.onResent(messageId, body, invocation);
          world.log.event(
            process.name,
            `${source} is ${messageId}${isNew ? '' : ', which the queue takes for a repetition'}`,
          );
        });
      },
    },
    outcomes: world.publishesOutcomes
      ? {
          publish: (outcome) =>
            call(
              'outcome topic',
              `publishes ${outcome.transaction_id} ${outcome.status}, attempt ${outcome.attempt}`,
              () => {
                invariants.outcomes.onPublished(
                  outcome,
                  core.deduplicationId.outcome(outcome.transaction_id, outcome.status, outcome.attempt),
                );
              },
            ),
        }
      : undefined,
    topic: { publish: (_alert) => call('alert topic', 'publishes an alert', () => undefined) },
    alertThrottle: {
      claim: (key, now, until) =>
        tableCall('claims an alert', () => {
          if ((suppressedUntil.get(key) ?? 0) > now) return false;
          suppressedUntil.set(key, until);
          return true;
        }),
      extend: (key, until) =>
        tableCall('suppresses an alert', () => {
          suppressedUntil.set(key, until);
        }),
    },
  };
}

type DlqCall = <T>(service: Service, what: string, effect: () => T) => Promise<T>;

/** One call of the DLQ processor, with its faults. */
function callOf(process: SimulatedProcess, world: World, invocation: DlqInvocation, signal: AbortSignal): DlqCall {
  const { troubles, random, log } = world;
  return (service, what, effect) => {
    world.invariants.reviews.onCall(what, invocation);
    const fault = process.canRun ? troubles.next('dlq processor')?.fault : undefined;
    const failed = (code: string) => new world.core.ServiceError(service, what, code);
    const common = { what, signal, givenUp: () => failed('AbortError') };
    if (fault === 'written late') {
      world.later(random.between(LATE_MS.low, LATE_MS.high), () => {
        effect();
        log.event(process.name, `${what}, long after it was given up`);
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
        return fault === 'answer lost, and called again' ? effect() : result;
      },
    });
  };
}

function isOut(service: Service, world: World): boolean {
  return (
    (service === 'payment table' && world.isOut('table')) ||
    (service === 'dead-letter queue' && world.isOut('dead letters')) ||
    (service === 'outcome topic' && world.isOut('outcomes'))
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
