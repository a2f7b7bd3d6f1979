import { setTimeout as sleep } from 'node:timers/promises';
import { fingerprint, ON_FAILED_PAYMENT, type PaymentRecord } from '../../src/contract';
import { PaymentProducer, type SendResult } from '../../src/producer';
import type { EmbeddedPipeline } from '../kit/embedded/pipeline';
import type { EmbeddedFraudApi } from '../kit/embedded/fraud-api';
import { type AcceptedPayment, type Evidence, readRecords, takeDeadLetters } from './verification/evidence';
import type { Submissions } from './payment-input';

/** The deployed waits (20 s and 31 minutes) would outlast anybody's patience. */
export const SHORT_RETRY_WAITS = '1,2';

const DRAIN_POLL_MS = 100;

/** The progress of a run. */
export interface RunObserver {
  started(pipeline: { readonly concurrency: number; readonly fraudUrl: string }): void;
  /** Payments accepted so far, and how many of them have left the queue. */
  progress(accepted: number, done: number): void;
}

/** Sends the payments while the pipeline works, until its queue is empty or the signal ends it. */
export async function pay(
  pipeline: EmbeddedPipeline,
  { payments, badLines }: Submissions,
  observer: RunObserver,
  signal: AbortSignal,
): Promise<{ accepted: AcceptedPayment[]; refusals: string[] }> {
  const accepted: AcceptedPayment[] = [];
  const refusals = badLines.map(({ code }) => code);
  const positions = new Map(payments.map((payment, position) => [payment, position]));
  const onResult = (result: SendResult) => {
    if (result.status === 'accepted') {
      const { payment, sequenceNumber } = result;
      const position = positions.get(payment)!;
      accepted.push({ payment, fingerprint: fingerprint(payment), position, sequenceNumber, acceptedAt: Date.now() });
    } else if (result.code !== 'ABORTED') refusals.push(result.code); // what Ctrl-C kept from being sent was not refused
  };
  const producer = new PaymentProducer(pipeline.aws.sqs, pipeline.deployed.paymentQueueUrl);
  let sent = false;
  const sending = producer.send(payments, { signal, onResult }).finally(() => {
    sent = true;
  });
  const draining = async () => {
    for (;;) {
      const allSent = sent; // asked first: what is sent between the two questions must still be seen
      const queued = await pipeline.queued();
      observer.progress(accepted.length, accepted.length - queued);
      if (signal.aborted || (allSent && queued === 0)) return;
      await sleep(DRAIN_POLL_MS);
    }
  };
  // Polling ends only when it is told to, or when the function cannot run: then there is nothing to wait for.
  await Promise.race([Promise.all([sending, draining()]), pipeline.poll()]);
  return { accepted, refusals };
}

/**
 * Collects what the run left behind, once the pipeline has stopped.
 * @param fraudApi the embedded one, if that was used
 * @param mayBeUncounted see {@link Evidence}; by default nothing excuses a missing count
 */
export async function gather(
  pipeline: EmbeddedPipeline,
  accepted: readonly AcceptedPayment[],
  fraudApi: EmbeddedFraudApi | undefined,
  mayBeUncounted: (record: PaymentRecord) => boolean = () => false,
): Promise<Evidence> {
  const { aws, deployed } = pipeline;
  const records = await readRecords(aws.dynamodb, deployed.tableName);
  const refusedByRecords = () =>
    new Set(
      records
        .filter(({ failure_code }) => failure_code === 'FRAUD_CHECK_REFUSED')
        .map(({ transaction_id }) => transaction_id),
    );
  return {
    accepted,
    records,
    queued: await pipeline.queued(),
    deadLetters: await takeDeadLetters(aws.sqs, deployed.deadLetterQueueUrl),
    onFailedPayment: ON_FAILED_PAYMENT.find((mode) => mode === pipeline.variable('ON_FAILED_PAYMENT')) ?? 'continue',
    outcomes: pipeline.subscriber?.outcomes,
    // The embedded API tells what it refused; of another one only the records speak.
    refusedForGood: fraudApi?.refused ?? refusedByRecords(),
    metric: (name) => pipeline.metricSum(name),
    mayBeUncounted,
  };
}
