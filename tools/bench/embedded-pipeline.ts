import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessorVariables } from '../../src/contract';
import { PaymentProducer } from '../../src/producer';
import { buildArtifacts } from '../kit/embedded/artifacts';
import { startFraudApi } from '../kit/embedded/fraud-api';
import { EmbeddedPipeline } from '../kit/embedded/pipeline';
import { newDirectory } from '../kit/new-directory';
import { generatedPayment } from '../kit/payments/generated-payment';
import { seededRandom } from '../kit/random';
import { timed, type Work } from './comparison';
import type { Running } from './deployed-handler';

/** Payments of a round, and the accounts that they belong to. */
const ROUND = { payments: 200, accounts: 200 };
const SEED = 1;
const POLL_MS = 5;

/** The embedded queue of `npx projen demo` with the payment processor's processes, and with a consumer that only receives and deletes. */
export async function embeddedPipeline(): Promise<Running> {
  const directory = newDirectory();
  const artifacts = await buildArtifacts(() => undefined, directory);
  const fraudApi = await startFraudApi({ seed: SEED, faultRate: 0 });
  let isProcessed = true;
  const pipeline = await EmbeddedPipeline.start({
    ...artifacts,
    overrides: { FRAUD_API_URL: fraudApi.url } satisfies Partial<ProcessorVariables>,
    between: (process) => ({ invoke: (event) => (isProcessed ? process.invoke(event) : Promise.resolve(undefined)) }),
    payments: ROUND.payments,
    logFile: join(directory, 'functions.log'),
  });
  await pipeline.warmUp();
  void pipeline.poll();
  const producer = new PaymentProducer(pipeline.aws.sqs, pipeline.deployed.paymentQueueUrl);
  const random = seededRandom(SEED);
  let made = 0;
  const payments = () =>
    Array.from({ length: ROUND.payments }, () =>
      generatedPayment(random, {
        transaction_id: `bench-${++made}`,
        accounts: ROUND.accounts,
        isPoison: false,
        requested_at: new Date().toISOString(),
        reference: 'Bench',
      }),
    );
  const work = (isWithFunction: boolean): Work => {
    const round = payments();
    return timed(async () => {
      isProcessed = isWithFunction;
      await producer.send(round);
      while ((await pipeline.queued()) > 0) await sleep(POLL_MS);
    });
  };
  return {
    comparisons: [
      {
        name: 'embedded queue: a consumer that only receives and deletes / the embedded pipeline',
        baseline: () => work(false),
        ours: () => work(true),
        floor: 0.05,
      },
    ],
    close: () => void pipeline.close().then(() => fraudApi.close()),
  };
}
