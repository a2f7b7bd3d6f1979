import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { addEntry, fingerprint, newRecord, type NewEntry, type PaymentRecord } from '../../src/contract';
import { generatedPayment } from '../kit/payments/generated-payment';
import { seededRandom } from '../kit/random';
import type { EmbeddedPipeline } from '../kit/embedded/pipeline';

/** Longer than the 24 hours that the alarm on the oldest review tolerates. */
const FORGOTTEN_MS = 25 * 60 * 60_000;

/** Puts a payment into the table that came into review 25 hours of pipeline time ago, with the record that the payment processor had written then. */
export async function addForgottenReview({ aws, cloudWatch, deployed }: EmbeddedPipeline): Promise<void> {
  const Item = forgottenReview(new Date(Date.now() - FORGOTTEN_MS / cloudWatch.clock.scale).toISOString());
  await DynamoDBDocumentClient.from(aws.observer).send(new PutCommand({ TableName: deployed.tableName, Item }));
}

/** @param at when it came into review */
export function forgottenReview(at: string): PaymentRecord {
  const payment = generatedPayment(seededRandom(Date.parse(at) % 2_147_483_647), {
    transaction_id: `forgotten-review-${Date.parse(at).toString(36)}`,
    accounts: 1,
    isPoison: false,
    requested_at: at,
    reference: 'Forgotten review',
  });
  const claim: NewEntry = { status: 'PROCESSING', at, attempt: 1, request_id: 'drill', release_id: 'drill' };
  const claimed = newRecord(payment, fingerprint(payment), { sequence_number: '1' }, claim);
  const fraud = { decision: 'review', score: 0.97, reasons: ['forgotten by everybody'] } as const;
  const { entry } = addEntry({ ...claimed, fraud }, { ...claim, status: 'REVIEW' });
  const history = [...claimed.history, entry];
  return { ...claimed, fraud, payment_status: 'REVIEW', timestamp: at, history };
}
