import { fraudAnswer } from '../../../src/contract/fraud-api';
import { BATCH_SIZE } from '../../../src/contract/deployed-settings';
import { PROCESSOR_TIMEOUT } from '../../../src/infrastructure/functions/payment-processor';
import { PROPS } from '../../../src/infrastructure/prop-definitions';
import { FAILED_CALLS, FAILED_PAYMENTS, HALF_OPEN_AFTER_MS } from '../../../src/processor/adapters/circuit-breaker';
import { LONGEST_RETRY_AFTER_SECONDS } from '../../../src/processor/adapters/http-answer';
import { LONGEST_BODY_BYTES } from '../../../src/processor/adapters/http-client';
import { FIRST_BACKOFF_MS, LONGEST_BACKOFF_MS } from '../../../src/processor/adapters/http-fraud-api';
import { RESERVE_MS } from '../../../src/processor/core/ports';
import { code, table } from '../generated';
import { rulesOf } from './payment';
import { functionVariables } from './stack';

/** The answer's fields and the limits in docs/reference/fraud-api.md. */
export function fraudApiPage(): string {
  const { FRAUD_API_TIMEOUT_MS, FRAUD_API_MAX_ATTEMPTS } = functionVariables().find(
    (variables) => variables.FRAUD_API_URL !== undefined,
  )!;
  const time = PROCESSOR_TIMEOUT * 1_000 - RESERVE_MS;
  const calls = Number(FRAUD_API_MAX_ATTEMPTS);
  const pauses = Array.from({ length: calls - 1 }, (_, call) =>
    Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** call),
  );
  const { maxConcurrency, groupConcurrency } = PROPS;
  const batches = maxConcurrency.default as number;
  const accounts = groupConcurrency.default as number;
  return [
    '## Fields of an answer',
    table(
      ['field', 'rule'],
      Object.entries(fraudAnswer.entries).map(([field, schema]) => [code(field), rulesOf(schema).join('; ')]),
    ),
    '## Limits',
    table(
      ['limit', 'value'],
      [
        ['timeout of a call', seconds(Number(FRAUD_API_TIMEOUT_MS))],
        ['calls for a payment in one receive', String(calls)],
        ['pauses between these calls, random', pauses.map((most) => `up to ${most} ms`).join(', ')],
        [
          'time for the calls of a payment in one receive',
          `${seconds(time / BATCH_SIZE)} to ${seconds(time)}: an equal share for each payment of its account in the batch`,
        ],
        ['longest `Retry-After` that counts', seconds(LONGEST_RETRY_AFTER_SECONDS * 1_000)],
        ['largest body of an answer', `${LONGEST_BODY_BYTES / 1_024} KiB`],
        [
          'calls at the same time',
          `${batches * accounts}: \`maxConcurrency\` ${batches} times \`groupConcurrency\` ${accounts}`,
        ],
        ['failed calls in a row that open the circuit', `${FAILED_CALLS}, of at least ${FAILED_PAYMENTS} payments`],
        ['time from the opening of the circuit to the next call', seconds(HALF_OPEN_AFTER_MS)],
      ],
    ),
  ].join('\n\n');
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toLocaleString('en-US')} s`;
}
