import * as v from 'valibot';
import { maskCardNumbers } from './card-number';
import { repeatsKey } from './json';
import type { PaymentMessage } from './payment-message';
import { FRAUD_DECISIONS, type FraudDecision } from './payment-status';

/** DynamoDB holds no smaller number (1E-130). */
const SMALLEST_SCORE = 1e-130;

const SCORE_RULE = 'must be a number from 0 to 1';
const REASONS_RULE = 'must be a list of texts';

const EVIDENCE_RULE = 'must be a text of 1 to 64 characters; optional, and ignored otherwise';

/** Says how the API came to its decision. No payment fails because of it. */
const evidence = v.fallback(
  v.optional(v.pipe(v.string(EVIDENCE_RULE), v.minLength(1), v.maxLength(64), v.transform(storable))),
  undefined,
);

/** The rules of an answer. docs/reference/fraud-api.md lists them. */
export const fraudAnswer = v.object(
  {
    decision: v.picklist(FRAUD_DECISIONS, `must be one of ${FRAUD_DECISIONS.join(', ')}`),
    score: v.pipe(
      v.number(SCORE_RULE),
      v.minValue(0, SCORE_RULE),
      v.maxValue(1, SCORE_RULE),
      v.transform((score) => (score < SMALLEST_SCORE ? 0 : score)),
    ),
    reasons: v.array(v.pipe(v.string(REASONS_RULE), v.transform(storable)), REASONS_RULE),
    case_id: evidence,
    model: evidence,
  },
  (issue) => (issue.path === undefined ? 'it is not an object' : 'is missing'),
);

/** The fraud API's answer: its decision, a score from 0 to 1, and its reasons in its own words. Card numbers in its texts are masked. */
export interface FraudAnswer {
  /** `approve`, `decline` or `review`. */
  readonly decision: FraudDecision;
  /** From 0 to 1. The pipeline stores it and decides nothing by it. */
  readonly score: number;
  /** The API's own words. */
  readonly reasons: readonly string[];
  /** The API's own number of the case. */
  readonly case_id?: string;
  /** The model or the rules that decided, with their version. */
  readonly model?: string;
}

/** The fields of a payment that the fraud API gets: what it needs to decide, and no free text. */
export type FraudCheckPayment = Pick<
  PaymentMessage,
  'transaction_id' | 'account_id' | 'amount' | 'currency' | 'beneficiary_id' | 'requested_at'
>;

/** The body of the call. */
export function fraudRequest(payment: PaymentMessage): FraudCheckPayment {
  const { transaction_id, account_id, amount, currency, beneficiary_id, requested_at } = payment;
  return { transaction_id, account_id, amount, currency, beneficiary_id, requested_at };
}

/** A 200 whose body is not an answer. The message names fields and rules, never a value: it is stored and logged. */
export class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';

  constructor(
    /** What is wrong with the answer. */
    readonly fault: string,
  ) {
    super(`The answer of the fraud API is unreadable: ${fault}.`);
  }
}

/**
 * Reads the answer from the body of a 200. Fields beyond the contract are ignored.
 * @throws UnreadableAnswerError when the body is not JSON, repeats a key, or lacks or breaks a field's rule
 */
export function parseFraudAnswer(body: string): FraudAnswer {
  const value = parseJson(body);
  if (repeatsKey(body, value)) throw new UnreadableAnswerError('it repeats a key');
  if (Array.isArray(value)) throw new UnreadableAnswerError('it is not an object');
  const result = v.safeParse(fraudAnswer, value, { abortPipeEarly: true });
  if (result.success) {
    const { case_id, model, ...answer } = result.output;
    return { ...answer, ...(case_id !== undefined && { case_id }), ...(model !== undefined && { model }) };
  }
  throw new UnreadableAnswerError([...new Set(result.issues.map(describe))].join('; '));
}

/** As DynamoDB stores it: UTF-8 has no lone surrogates. */
function storable(text: string): string {
  return maskCardNumbers(text.toWellFormed());
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UnreadableAnswerError('it is not JSON');
    throw error;
  }
}

function describe({ path, message }: v.BaseIssue<unknown>): string {
  return path === undefined ? message : `${String(path[0].key)} ${message}`;
}
