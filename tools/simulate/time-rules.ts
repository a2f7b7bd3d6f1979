import { DECISIONS } from '../../src/contract';
import type { RetryDelay } from '../../src/processor/core/batch';
import type { DeadLetter } from './dead-letter-queue';
import type { FifoQueue } from '../kit/fifo-queue';
import type { Invocation } from './invocation';
import type { PaymentTable } from './payment-table';
import type { Accepted } from './client-messages';

/** The longest `Retry-After` that counts; the long retry delay is shorter. */
const LONGEST_WAIT_S = 3_600;

type AcceptedMessages = ReadonlyMap<string, Accepted>;

/** Healthy payments that are dead letters, although nothing went wrong but an outage that the guarantees cover. */
export function judgeOutage(letters: readonly DeadLetter[], accepted: AcceptedMessages): string[] {
  const healthy = letters.filter(({ sourceMessageId, failureCode, parkedBehind }) => {
    const isPayment = accepted.get(sourceMessageId)!.sent.payment !== undefined;
    return (
      isPayment &&
      parkedBehind === undefined &&
      (failureCode === undefined || failureCode === 'FRAUD_CHECK_UNAVAILABLE')
    );
  });
  return healthy.map(
    ({ sourceMessageId }) => `${sourceMessageId} was dead-lettered by an outage of half an hour at most`,
  );
}

/** Payments that were not decided by the invocation that met the blip. */
export function judgeBlip(accepted: AcceptedMessages, table: PaymentTable): string[] {
  return [...accepted.values()].flatMap(({ sent: { payment } }) => {
    const { transaction_id } = payment!.message;
    const path = table
      .read(transaction_id)
      ?.history.map(({ status }) => status)
      .join(', ');
    return DECISIONS.some((decision) => path === `PROCESSING, ${decision}`)
      ? []
      : [`${transaction_id} went through a blip by ${path ?? 'nothing'}`];
  });
}

/** Invocations that timed out because of expensive bodies. Only a slow service may cause a timeout. */
export function judgeTime(invocation: Invocation, accepted: AcceptedMessages): string[] {
  const { requestId, ending, isDisturbed } = invocation;
  const costs = costOf(invocation, accepted);
  return ending === 'timed out' && !isDisturbed && costs > 0
    ? [`${requestId} was ended with bodies that cost ${costs / 1_000} s`]
    : [];
}

/**
 * Receives that an invocation spent for nothing, though only the fraud API was down: it returned payments before a call of its own had
 * failed, or ran until Lambda ended it. So an environment whose circuit is open spends one batch at most per half-open time.
 */
export function judgeReceives(invocation: Invocation, returned: number, accepted: AcceptedMessages): string[] {
  const { requestId, ending, isDisturbed, isOverdue, fraudCalls, answeredCalls } = invocation;
  if (isDisturbed || costOf(invocation, accepted) > 0) return [];
  return [
    ...(ending === 'timed out' ? [`${requestId} ran until its timeout`] : []),
    ...(returned > 0 && !isOverdue && fraudCalls === answeredCalls
      ? [`${requestId} returned ${returned} messages after no failed call`]
      : []),
  ];
}

/** Milliseconds that the invocation's bodies cost. */
function costOf({ messages }: Invocation, accepted: AcceptedMessages): number {
  return messages.reduce((sum, { messageId }) => sum + (accepted.get(messageId)!.sent.costMs ?? 0), 0);
}

/** Invalid times for which an invocation hides messages. */
export function judgeRetryDelays(
  retryDelays: readonly RetryDelay[],
  { requestId }: Invocation,
  queue: FifoQueue,
): string[] {
  return retryDelays.flatMap(({ message, seconds }) => [
    ...(retryDelays.every((other) => other.message.groupId !== message.groupId || other.seconds === seconds)
      ? []
      : [`${requestId} hides messages of ${message.groupId} for different times`]),
    ...(seconds > LONGEST_WAIT_S
      ? [`${requestId} hides ${message.messageId} for ${seconds} s, more than an hour`]
      : []),
    ...(queue.wouldHide(message, seconds) ? [] : [`SQS does not hide ${message.messageId} for ${seconds} s`]),
  ]);
}
