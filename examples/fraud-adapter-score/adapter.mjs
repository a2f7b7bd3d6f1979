// @ts-check

/** Risk, from 0 to 100, from which a payment is declined, and from which a person decides. */
const DECLINE_FROM = 95;
const REVIEW_FROM = 85;

/** Errors that no later call changes. */
const PERMANENT = new Set(['UNKNOWN_PAYEE']);

/** @type {import('cdktf-payment-pipeline/contract').FraudApiAdapter['toRequest']} */
export function toRequest({ transaction_id, account_id, amount, currency, beneficiary_id, requested_at }) {
  return {
    path: '/v3/ratings',
    body: JSON.stringify({
      reference: transaction_id,
      payer: account_id,
      payee: beneficiary_id,
      amount,
      currency,
      time: requested_at,
    }),
  };
}

/** @type {import('cdktf-payment-pipeline/contract').FraudApiAdapter['toAnswer']} */
export function toAnswer(status, _headers, body) {
  if (status !== 200) return 'transient';
  const { risk, signals, error } = JSON.parse(body);
  if (error !== undefined) return PERMANENT.has(error) ? 'refused' : 'transient';
  // If the answer has no risk, the score is no number, and the pipeline takes no decision from it.
  return { decision: decisionOf(risk), score: risk / 100, reasons: signals };
}

/** @param {number} risk */
function decisionOf(risk) {
  if (risk >= DECLINE_FROM) return 'decline';
  return risk >= REVIEW_FROM ? 'review' : 'approve';
}
