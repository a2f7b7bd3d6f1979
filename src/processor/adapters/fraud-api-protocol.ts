import { fraudRequest, parseFraudAnswer, type PaymentMessage } from '../../contract';
import type { FraudCheck } from '../core/ports';
import { textOf } from './http-answer';
import type { HttpAnswer, HttpRequest } from './http-client';

/**
 * The API has read the payment and refuses it. Every other status concerns the call: the address (404, 405), the same key in progress
 * (409, IETF draft-ietf-httpapi-idempotency-key-header), the load, or our permissions.
 */
export const FINAL_STATUSES = new Set([400, 422]);

export type Answered = Exclude<FraudCheck, { kind: 'unavailable' }>;

/** How a payment becomes a call of the fraud API, and what its answer means. */
export interface FraudApiProtocol {
  /**
   * The call for a payment, with the headers that it has in addition to every call's.
   * @throws AdapterError
   */
  write(payment: PaymentMessage): Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>;
  /** Whether `read` wants the body of an answer with this status. */
  readsBody(status: number): boolean;
  /**
   * Undefined when a later call may bring a decision.
   * @throws UnreadableAnswerError, AdapterError
   */
  read(answer: HttpAnswer): Answered | undefined;
}

/** The user's adapter threw, or returned what breaks its contract. */
export class AdapterError extends Error {
  override readonly name = 'AdapterError';
  /** What is wrong, for logs and records. */
  readonly seen: string;

  /** @param fault without a part of the payment or the answer */
  constructor(fault: string) {
    super(`The adapter of the fraud API failed: ${fault}.`);
    this.seen = `ADAPTER_FAILED (${fault})`;
  }
}

/** The pipeline's own contract. docs/reference/fraud-api.md describes it. */
export function contractProtocol(url: string): FraudApiProtocol {
  return {
    write: (payment) => ({ method: 'POST', url, headers: {}, body: JSON.stringify(fraudRequest(payment)) }),
    readsBody: (status) => status === 200,
    read: (answer) => {
      const { status } = answer;
      if (FINAL_STATUSES.has(status)) return { kind: 'refused', httpStatus: status };
      return status === 200 ? { kind: 'decided', answer: parseFraudAnswer(textOf(answer)) } : undefined;
    },
  };
}
