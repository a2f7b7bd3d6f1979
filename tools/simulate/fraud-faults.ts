/** Every answer of the API's contract that brings no decision, and may be another one next time. */
export const FRAUD_FAULTS = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, retryAfter: '30' },
  { kind: 'status', status: 429, retryAfter: '8' },
  /** Longer than SQS can hide a message. */
  { kind: 'status', status: 429, retryAfter: '100000' },
  { kind: 'status', status: 503, retryAfter: '43200' },
  /** The other form that HTTP has. */
  { kind: 'status', status: 503, retryAfter: 'Mon, 05 Jan 2026 08:10:00 GMT' },
  { kind: 'status', status: 429, retryAfter: 'soon' },
  { kind: 'status', status: 401 },
  { kind: 'status', status: 403 },
  { kind: 'status', status: 408 },
  { kind: 'status', status: 425 },
  { kind: 'status', status: 201 },
  { kind: 'status', status: 204 },
  { kind: 'status', status: 302 },
  { kind: 'garbage' },
  { kind: 'garbage' },
  { kind: 'reset' },
  { kind: 'hang' },
  { kind: 'slow' },
  { kind: 'status', status: 402 },
  { kind: 'status', status: 404 },
  { kind: 'status', status: 405 },
  /** The call before, under the same key, is still in progress. */
  { kind: 'status', status: 409 },
  { kind: 'status', status: 410 },
  /** A repeated key: two readers would see two decisions. */
  { kind: 'two decisions' },
] as const satisfies readonly { readonly kind: string; readonly status?: number; readonly retryAfter?: string }[];

/** The API asks for a wait that a payment's share of the time may allow. */
export const BUSY = FRAUD_FAULTS[2];

/** Faults that fail all calls in flight. */
export const BLIPS = [
  { kind: 'status', status: 500 },
  { kind: 'reset' },
  { kind: 'hang' },
] as const satisfies readonly FraudFault[];

export type FraudFault = (typeof FRAUD_FAULTS)[number];
