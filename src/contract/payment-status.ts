/** A decision of the fraud API, final. */
export const DECISIONS = ['APPROVED', 'DECLINED', 'REVIEW'] as const;
export type Decision = (typeof DECISIONS)[number];

/** PROCESSING becomes a decision or FAILED; FAILED becomes PROCESSING by redrive alone. */
export type PaymentStatus = 'PROCESSING' | Decision | 'FAILED';

export function isDecision(status: PaymentStatus): status is Decision {
  return (DECISIONS as readonly PaymentStatus[]).includes(status);
}
