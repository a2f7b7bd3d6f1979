import { OUTCOMES, PAYMENT_STATUSES } from '../../src/contract';
import type { Invocation } from './invocation';

type Rule = [name: string, counted: number | undefined, done: number, mayLack: number];

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
  const settled = OUTCOMES.reduce((sum, outcome) => sum + done[outcome], 0);
  const repetitions =
    acknowledged.length - new Set(acknowledged.filter((transactionId) => own.has(transactionId))).size;
  // Of a write without an answer the function cannot know: it may count one too few, never one too many.
  const rules: Rule[] = [
    ['PaymentsProcessed', counts.PaymentsProcessed, settled, unanswered],
    ...OUTCOMES.map((outcome): Rule => {
      const { metric } = PAYMENT_STATUSES[outcome];
      return [metric, counts[metric], done[outcome], unanswered];
    }),
    ['MessagesQuarantined', counts.MessagesQuarantined, done.deadLettered + done.refusedMessages, unanswered],
    ['PaymentsParked', counts.PaymentsParked, done.parked, unanswered],
    ['OutcomesPublished', counts.OutcomesPublished, done.outcomesPublished, 0],
    ['OutcomesFailed', counts.OutcomesFailed, done.outcomesFailed, 0],
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
