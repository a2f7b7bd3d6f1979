import {
  type AccountHash,
  createAccountHash,
  OUTCOMES,
  PAYMENT_STATUSES,
  type PaymentRecord,
} from '../../src/contract';
import { readRecords } from '../demo/verification/evidence';
import { countByStatus } from '../demo/verification/tally';
import { observe } from '../page/cloudwatch';
import { count } from '../page/format';
import type { Figure, PageModel } from '../page/model';
import { failurePatterns, pageDeadLetters, pagePayments } from '../page/payments';
import type { LocalPipeline } from './local-pipeline';

/** Pipeline time that the graphs show. */
const SHOWN_MS = 3 * 60 * 60_000;

/** Makes the page of a local pipeline, as it is now. */
export function localPages(local: LocalPipeline): () => Promise<PageModel> {
  const { cloudWatch, aws, deployed } = local.pipeline;
  const accountHash: AccountHash = createAccountHash(deployed.environment.ACCOUNT_HASH_KEY);
  return async () => {
    const records = await readRecords(aws.observer, deployed.tableName);
    const letters = local.deadLetters();
    const unreadable = letters.filter(({ transactionId }) => transactionId === undefined).length;
    const { clock } = cloudWatch;
    const { widgets, alarms, start, now, timeScale } = observe(
      cloudWatch,
      Math.max(clock.start, clock.now() - SHOWN_MS),
    );
    return {
      run: {
        title: 'Local payment pipeline',
        summary:
          `Both function bundles, with the queues, table, alarms and dashboard of the synthesized stack, and ${local.rate} payments a second. ` +
          'SQS, SNS, DynamoDB, CloudWatch and the fraud API are emulated.',
        start,
        now,
        timeScale,
        figures: figuresOf(records, local),
        paymentCount: records.length,
        deadLetterCount: letters.length,
        operate: 'npx projen ops -- --local',
      },
      claims: [],
      widgets,
      alarms,
      payments: pagePayments(records, ({ transaction_id }) => local.traffic.sentAt.get(transaction_id), accountHash),
      deadLetters: pageDeadLetters(letters, records, accountHash),
      patterns: failurePatterns(records, unreadable, accountHash, Date.now()),
      drills: local.drills.statuses(),
    };
  };
}

function figuresOf(records: readonly PaymentRecord[], { traffic }: LocalPipeline): Figure[] {
  const counts = countByStatus(records);
  return [
    { label: 'Sent', value: count(traffic.accepted) },
    ...OUTCOMES.map((status) => ({ label: PAYMENT_STATUSES[status].label, value: count(counts[status]), status })),
    { label: 'In progress', value: count(counts.PROCESSING) },
  ];
}
