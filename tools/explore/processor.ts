import { deduplicationId, isDiscarded } from '../../src/contract';
import type { BatchResult } from '../../src/processor/core/batch';
import {
  type DeadLetters,
  type FraudCheck,
  NO_ATTEMPT,
  type PaymentStore,
  type QueueMessage,
  type Services,
} from '../../src/processor/core/ports';
import type { Holds } from '../../src/runtime/ports';
import type { Queued } from '../kit/fifo-queue';
import type { Cores } from '../simulate/core';
import type { Outside, Start } from './process';
import type { Says } from './scenario';
import type { LetterFacts, Running, World } from './world';

/** Every clock shows it, so that equal processes are equal whenever they run; only the queues know what time has passed. */
export const TIME = Date.parse('2026-07-01T08:00:00.000Z');

/** The answers of the fraud API's port. */
export function answerOf(says: Says): FraudCheck {
  switch (says) {
    case 'approve':
    case 'review':
      return { kind: 'decided', answer: { decision: says, score: 0, reasons: [] } };
    case 'refuse':
      return { kind: 'refused', httpStatus: 422 };
    case 'unavailable':
      return { kind: 'unavailable', cause: 'HTTP 503', failedAt: TIME };
  }
}

/** One invocation of the payment processor. */
export function processorStart(
  cores: Cores,
  { name, messages, onFailedPayment }: Pick<Running, 'name' | 'messages' | 'onFailedPayment'>,
  maxReceiveCount: number,
): Start<World> {
  return (outside) => {
    const settings = {
      maxReceiveCount,
      groupConcurrency: 10,
      retryDelays: [20, 1_860] as const,
      onFailedPayment,
    };
    const invocation = { requestId: name, releaseId: 'explored', deadline: TIME + 60_000 };
    return cores.processBatch(messages.map(delivered), servicesOf(cores, outside), settings, invocation);
  };
}

function delivered({ messageId, receiptHandle = '', body, groupId, receives, sequenceNumber }: Queued): QueueMessage {
  return { messageId, receiptHandle, body, groupId, receiveCount: receives, sequenceNumber };
}

function servicesOf(cores: Cores, outside: Outside<World>): Services {
  return {
    store: storeOf(cores, outside),
    holds: holdsOf(cores, outside),
    deadLetters: deadLettersOf(cores, outside),
    fraudApi: {
      isCircuitOpen: () => false,
      waitForCircuit: () => Promise.resolve(),
      check: ({ transaction_id, account_id }) =>
        outside.call({
          what: `asks about ${transaction_id}`,
          kind: 'check',
          about: account_id,
          payment: transaction_id,
          effect: () => answerOf('approve'),
          failure: () => new Error('never'),
        }),
    },
    telemetry: {
      count: () => undefined,
      fraudCheckLatency: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
      trace: (_, work) => work(),
    },
    clock: { now: () => TIME },
    random: () => 0,
    accountHash: (account) => account,
  };
}

function tableCall(cores: Cores, { call }: Outside<World>) {
  return <T>(kind: 'read' | 'write', about: string, what: string, effect: (world: World) => T): Promise<T> =>
    call({ what, kind, about, effect, failure: () => new cores.ServiceError('payment table', what, 'NoAnswer') });
}

function storeOf(cores: Cores, outside: Outside<World>): PaymentStore {
  const call = tableCall(cores, outside);
  return {
    insert: (record) =>
      call(
        'write',
        record.transaction_id,
        `claims ${record.transaction_id} of ${record.account_id}${record.parked_behind === undefined ? '' : `, parked behind ${record.parked_behind}`}`,
        ({ records }) => records.insert(record),
      ),
    transition: (transition) => {
      const { transactionId, entry } = transition;
      return call(
        'write',
        transactionId,
        `writes ${transactionId} ${entry.status}, attempt ${entry.attempt}${transition.parkedBehind === undefined ? '' : `, parked behind ${transition.parkedBehind}`}`,
        ({ records }) => records.transition(transition),
      );
    },
    markDeadLettered: (record, at) =>
      call('write', record.transaction_id, `notes the dead letter of ${record.transaction_id}`, ({ records }) =>
        records.markDeadLettered(record, at),
      ),
    read: (id) => call('read', id, `reads ${id}`, ({ records }) => records.records.get(id)),
  };
}

function holdsOf(cores: Cores, outside: Outside<World>): Holds {
  const call = tableCall(cores, outside);
  return {
    read: (account) => call('read', account, `reads the hold of ${account}`, ({ held }) => held.read(account)),
    hold: (account, payment, at) =>
      call('write', account, `holds ${account} for ${payment.transactionId}`, (world) => {
        world.held.hold(account, payment, at);
        const record = world.records.records.get(payment.transactionId);
        if (record !== undefined && isDiscarded(record)) return; // late: the account continues, and its place is lost
        world.displaced = new Set(
          [...world.displaced].filter((fingerprint) => !fingerprint.startsWith(payment.content)),
        );
      }),
    park: (account, payment, at) =>
      call('write', account, `parks ${payment.transactionId} of ${account}`, ({ held }) =>
        held.park(account, payment, at),
      ),
    lift: (account, payment) =>
      call('write', account, `takes ${payment.transactionId} out of the hold of ${account}`, ({ held }) => {
        held.lift(account, payment);
      }),
  };
}

function deadLettersOf(cores: Cores, { call }: Outside<World>): DeadLetters {
  const send = ({ messageId, groupId, body }: QueueMessage, attempt: number, facts: LetterFacts, why: string) =>
    call({
      what: `sends ${messageId} to the dead-letter queue: ${why}`,
      kind: 'write',
      about: groupId,
      effect: (world) => {
        world.addLetter(groupId, body, deduplicationId.quarantine(messageId, attempt), facts);
      },
      failure: () => new cores.ServiceError('dead-letter queue', 'take a message', 'NoAnswer'),
    });
  return {
    send: (message, failureCode, attempt) => send(message, attempt, { failureCode }, failureCode),
    park: (message, parkedBehind) => send(message, NO_ATTEMPT, { parkedBehind }, `parked behind ${parkedBehind}`),
  };
}

/** Does what Lambda and the handler do after the core: hides returned messages for their retry delay, and deletes the others. */
export function endBatch(world: World, { messages, state: { result } }: Running): void {
  if (result === undefined || 'error' in result) return; // the function fails: nothing is deleted
  const { returned: failed, retryDelays } = result.value as BatchResult;
  for (const { message, seconds } of retryDelays) world.queue.changeVisibility(message, seconds);
  for (const message of messages) {
    if (!failed.some(({ messageId }) => messageId === message.messageId)) world.queue.delete(message);
  }
}
