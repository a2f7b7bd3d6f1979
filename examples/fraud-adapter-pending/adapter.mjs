// @ts-check

/** Seconds for which the API waits for its result before it answers 202. Shorter than the pipeline's timeout of a call, 2 s. */
const WAIT_SECONDS = 1;

/** @type {import('cdktf-payment-pipeline/contract').FraudApiAdapter['toRequest']} */
export function toRequest({ amount, currency, account_id, beneficiary_id }) {
  // The same request begins the assessment and asks for its result: the API knows it by the idempotency key.
  return {
    path: '/assessments',
    headers: { prefer: `wait=${WAIT_SECONDS}` },
    body: JSON.stringify({ amount, currency, from: account_id, to: beneficiary_id }),
  };
}

/** @type {import('cdktf-payment-pipeline/contract').FraudApiAdapter['toAnswer']} */
export function toAnswer(status, _headers, body) {
  if (status === 422) return 'refused';
  if (status !== 200) return 'transient'; // also 202: the next call asks again, after the answer's Retry-After
  switch (JSON.parse(body).result) {
    case 'PASS':
      return { decision: 'approve', score: 0, reasons: [] };
    case 'FAIL':
      return { decision: 'decline', score: 1, reasons: ['the assessment failed'] };
    default:
      return 'transient';
  }
}
