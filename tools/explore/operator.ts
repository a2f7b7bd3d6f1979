import { asksFor } from './invariants';
import type { DeadLetter, Services } from '../../src/dlq-processor/core/ports';
import type { Service } from '../../src/runtime/ports';
import type { Queued } from '../kit/fifo-queue';
import type { Cores } from '../simulate/core';
import type { Outside, Start } from './process';
import { TIME } from './processor';
import type { Running, World } from './world';

/** One invocation of the DLQ processor. */
export function operatorStart(cores: Cores, { name, operation }: Pick<Running, 'name' | 'operation'>): Start<World> {
  return (outside) => {
    const request = cores.readEvent(operation!.event);
    const services = servicesOf(cores, outside, operation!);
    const invocation = {
      requestId: name,
      releaseId: 'explored',
      deadline: TIME + 120_000,
    };
    return cores.operate(request, services, invocation);
  };
}

function servicesOf(
  cores: Cores,
  { call: outsideCall, tell }: Outside<World>,
  operation: NonNullable<Running['operation']>,
): Services {
  const call = <T>(service: Service, kind: 'read' | 'write', what: string, effect: (world: World) => T): Promise<T> =>
    outsideCall({ what, kind, effect, failure: () => new cores.ServiceError(service, what, 'NoAnswer') });
  const unused = () => Promise.reject(new Error('An analysis alone calls it.'));
  return {
    clock: { now: () => TIME },
    accountHash: (account) => account,
    telemetry: {
      info: (event, { transaction_id: transactionId, account_hash: account }) => {
        tell({ event, transactionId, account });
      },
      warn: (event, { transaction_id: transactionId, account_hash: account }) => {
        tell({ event, transactionId, account });
      },
      count: () => undefined,
      record: () => undefined,
    },
    index: { failed: unused, latestApprovals: unused, oldestReview: unused, heldAccounts: unused },
    topic: { publish: unused },
    alertThrottle: { claim: unused, extend: unused },
    payments: {
      read: (id) => call('payment table', 'read', `reads ${id}`, ({ records }) => records.records.get(id)),
      insert: (record) =>
        call('payment table', 'write', `records ${record.transaction_id} as ${record.payment_status}`, ({ records }) =>
          records.insert(record),
        ),
      reopen: (change) =>
        call('payment table', 'write', `reopens ${change.record.transaction_id}`, (world) => {
          const isWritten = world.records.reopen(change);
          if (isWritten && asksFor(operation, change.record.transaction_id))
            world.forgetDiscarded(change.record.fingerprint);
          return isWritten;
        }),
      giveUp: (change) =>
        call('payment table', 'write', `gives up ${change.record.transaction_id}`, (world) => {
          const isWritten = world.records.giveUp(change);
          if (isWritten) world.displace(change.record.fingerprint);
          return isWritten;
        }),
      resolve: (change) =>
        call('payment table', 'write', `resolves ${change.record.transaction_id}`, ({ records }) =>
          records.resolve(change),
        ),
    },
    holds: {
      read: (account) =>
        call('payment table', 'read', `reads the hold of ${account}`, ({ held }) => held.read(account)),
      lift: (account, payment) =>
        call('payment table', 'write', `takes ${payment.transactionId} out of the hold of ${account}`, ({ held }) => {
          held.lift(account, payment);
        }),
    },
    deadLetters: {
      depth: () => Promise.resolve({ visible: 0, inFlight: 0 }), // told, and used for nothing
      receive: () =>
        call('dead-letter queue', 'write', 'receives dead letters', (world) =>
          world.receiveDeadLetters().map((one) => letterOf(world, one)),
        ),
      delete: (letter) =>
        call(
          'dead-letter queue',
          'write',
          `deletes the letter ${letter.messageId}`,
          ({ deadLetters }) => void deadLetters.delete(letter),
        ),
      release: async (letters) => {
        if (letters.length === 0) return 0;
        const show = call(
          'dead-letter queue',
          'write',
          `shows ${letters.map(({ messageId }) => messageId).join(', ')} again`,
          ({ deadLetters }) => {
            for (const letter of letters) deadLetters.changeVisibility(letter, 0);
            return 0;
          },
        );
        return show.catch(() => letters.length);
      },
    },
    paymentQueue: {
      resend: ({ groupId, body, source, attempt }) =>
        call(
          'payment queue',
          'write',
          `sends ${source} to the payment queue`,
          ({ queue }) => void queue.send(groupId, body, cores.deduplicationId.redrive(source, attempt)),
        ),
    },
  };
}

function letterOf(
  { letters }: World,
  { messageId, receiptHandle = '', body, groupId, sequenceNumber }: Queued,
): DeadLetter {
  const { failureCode, parkedBehind } = letters.get(messageId)!;
  return {
    messageId,
    receiptHandle,
    body,
    groupId,
    sequenceNumber,
    ...(failureCode && { failureCode }),
    ...(parkedBehind !== undefined && { parkedBehind }),
  };
}
