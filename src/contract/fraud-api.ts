import * as v from 'valibot';
import type { PaymentMessage } from './payment-message';
import type { Decision } from './payment-status';

/** DynamoDB holds no smaller number (1E-130). */
const SMALLEST_SCORE = 1e-130;

const fraudAnswer = v.object({
  decision: v.picklist(['approve', 'decline', 'review']),
  score: v.pipe(
    v.number(),
    v.minValue(0),
    v.maxValue(1),
    v.transform((score) => (score < SMALLEST_SCORE ? 0 : score)),
  ),
  reasons: v.array(v.string()),
});

/** The fraud API's answer: its decision, a score from 0 to 1, and its reasons in its own words. */
export interface FraudAnswer {
  readonly decision: 'approve' | 'decline' | 'review';
  readonly score: number;
  readonly reasons: readonly string[];
}

/** The status that each decision of the fraud API leads to. */
export const STATUS_OF_DECISION: Readonly<Record<FraudAnswer['decision'], Decision>> = {
  approve: 'APPROVED',
  decline: 'DECLINED',
  review: 'REVIEW',
};

/** The body of the call: what the API needs to decide, and no free text. */
export function fraudRequest(payment: PaymentMessage) {
  const { transaction_id, account_id, amount, currency, beneficiary_id, requested_at } = payment;
  return { transaction_id, account_id, amount, currency, beneficiary_id, requested_at };
}

/** The answer in a 200's body, or undefined when it is none. Fields beyond the contract are passed over. */
export function parseFraudAnswer(body: string): FraudAnswer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const result = v.safeParse(fraudAnswer, value);
  return result.success ? result.output : undefined;
}
