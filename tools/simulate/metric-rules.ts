import type { Invocation } from './invocation';

/**
 * What an invocation that came to its end has emitted, against what it did.
 * @param returned messages
 * @param acknowledged transaction ids of the messages that were not returned to the queue
 */
export function judgeMetrics(
  { counts, done, settled: own, unanswered, latencies, fraudCalls }: Invocation,
  returned: number,
  acknowledged: readonly string[],
): string[] {
  const settled = done.APPROVED + done.DECLINED + done.REVIEW + done.FAILED;
  const repetitions =
    acknowledged.length - new Set(acknowledged.filter((transactionId) => own.has(transactionId))).size;
  // Of a write without an answer the function cannot know: it may count one too few, never one too many.
  const rules: [name: string, counted: number | undefined, done: number, mayLack: number][] = [
    ['PaymentsProcessed', counts.PaymentsProcessed, settled, unanswered],
    ['PaymentsApproved', counts.PaymentsApproved, done.APPROVED, unanswered],
    ['PaymentsDeclined', counts.PaymentsDeclined, done.DECLINED, unanswered],
    ['PaymentsReview', counts.PaymentsReview, done.REVIEW, unanswered],
    ['PaymentsFailed', counts.PaymentsFailed, done.FAILED, unanswered],
    ['MessagesQuarantined', counts.MessagesQuarantined, done.deadLettered + done.refusedMessages, unanswered],
    ['PaymentsParked', counts.PaymentsParked, done.parked, unanswered],
    ['PaymentsRetried', counts.PaymentsRetried, returned, 0],
    ['FraudCheckLatency', latencies, fraudCalls, 0],
    ['DuplicatesIgnored', counts.DuplicatesIgnored, repetitions, Infinity],
  ];
  return rules.flatMap(([name, counted = 0, happened, mayLack]) =>
    counted > happened || counted < happened - mayLack
      ? [`${name} is ${counted}, but it happened ${happened} times`]
      : [],
  );
}
