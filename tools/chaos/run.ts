import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { ProcessorVariables } from '../../src/contract';
import type { Artifacts } from '../kit/embedded/artifacts';
import { EmbeddedPipeline } from '../kit/embedded/pipeline';
import { startFraudApi } from '../kit/embedded/fraud-api';
import { gather, pay, type RunObserver, SHORT_RETRY_WAITS } from '../demo/run-payments';
import type { AcceptedPayment } from '../demo/verification/evidence';
import type { Run } from '../demo/verification/report';
import { generateSubmissions } from '../demo/payment-input';
import { FaultInjector, type Kill } from './fault-injector';

/** Part of the fraud API's answers that are faults. */
export const FAULT_RATE = 0.05;
/** One payment of this many is refused permanently, so that kills also hit quarantine. */
const PAYMENTS_PER_POISON = 50;
/** Enough for a kill to leave most accounts unlocked, few enough for each to have an order to keep. */
const MOST_ACCOUNTS = 200;

/** A kill needs a batch at work that is not in its last receive: a run of few payments has enough of them in small batches only. */
const BATCHES_PER_KILL = 5;

/** How long the payments of a crashed function stay hidden; as deployed, the rest of six minutes. */
const HIDDEN_AFTER_CRASH_SECONDS = 1;

export interface ChaosSettings extends Artifacts {
  /** Receives the output of the functions. */
  readonly logFile: string;
  readonly payments: number;
  readonly kills: number;
  readonly seed: number;
}

/** A setting that the run has otherwise than the stack. */
export interface Override {
  readonly stack: string | number | undefined;
  readonly run: string | number;
}

export interface ChaosResult extends Run {
  readonly settings: ChaosSettings;
  readonly overridden: Readonly<Record<string, Override>>;
  readonly concurrency: number;
  readonly kills: readonly Kill[];
  readonly killsMissed: number;
  /** How many payments were hit once, twice, and so on. */
  readonly paymentsHit: readonly number[];
  /** Connections to the table cut each time. */
  readonly connectionsDropped: readonly number[];
  /** Invocations that failed as a whole, killed ones included. */
  readonly functionErrors: number;
  readonly fraudFaults: number;
  /** The output of the functions. */
  readonly logFile: string;
}

/**
 * Sends generated payments through the embedded pipeline, and lets injector loose on it, until its queue is empty.
 * @param inspect looks at its table, queues and log, before they are closed
 */
export async function runChaos(
  settings: ChaosSettings,
  observer: RunObserver,
  inspect?: (pipeline: EmbeddedPipeline, accepted: readonly AcceptedPayment[]) => Promise<void>,
): Promise<ChaosResult> {
  const { payments, seed } = settings;
  const submissions = generateSubmissions({
    payments,
    seed,
    accounts: Math.min(MOST_ACCOUNTS, Math.ceil(payments / 2)),
    poison: Math.ceil(payments / PAYMENTS_PER_POISON),
  });
  const fraudApi = await startFraudApi({ seed, faultRate: FAULT_RATE });
  const overrides = {
    FRAUD_API_URL: fraudApi.url,
    RETRY_WAITS_SECONDS: SHORT_RETRY_WAITS,
  } satisfies Partial<ProcessorVariables>;
  let pipeline: EmbeddedPipeline | undefined;
  try {
    pipeline = await EmbeddedPipeline.start({
      ...settings,
      overrides,
      outcomes: true,
      largestBatch: Math.max(1, Math.floor(payments / (settings.kills * BATCHES_PER_KILL))),
      between: (process) => injector.before(process),
    });
    const { aws, deployed, concurrency } = pipeline;
    const injector = new FaultInjector({
      ...settings,
      maxReceiveCount: Number(deployed.environment.MAX_RECEIVE_COUNT),
      dropConnections: () => aws.dropTableConnections(),
      returnRecords: (records) => hideFor(HIDDEN_AFTER_CRASH_SECONDS, records, aws.sqs, deployed.paymentQueueUrl),
    });
    observer.started({ concurrency, fraudUrl: fraudApi.url });
    const began = performance.now();
    const { accepted, refusals } = await pay(pipeline, submissions, observer, new AbortController().signal);
    await pipeline.stop();
    const evidence = await gather(pipeline, accepted, fraudApi, (record) => injector.mayBeUncounted(record));
    await inspect?.(pipeline, accepted);
    return {
      settings,
      evidence,
      refusals,
      durationMs: performance.now() - began,
      interrupted: false,
      overridden: overridden(pipeline, overrides),
      concurrency,
      kills: injector.kills,
      killsMissed: injector.missed,
      paymentsHit: injector.paymentsHit(),
      connectionsDropped: await injector.connectionsDropped(),
      functionErrors: pipeline.functionErrors.length,
      fraudFaults: fraudApi.answers().faults,
      logFile: settings.logFile,
    };
  } finally {
    await pipeline?.close();
    await fraudApi.close();
  }
}

/** The queue then does what it does when a visibility timeout ends: the message comes back, its receive counted. */
async function hideFor(
  seconds: number,
  records: readonly SQSRecord[],
  sqs: SQSClient,
  queueUrl: string,
): Promise<void> {
  await sqs.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl: queueUrl,
      Entries: records.map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      })),
    }),
  );
}

function overridden(
  { deployed, batchSize }: EmbeddedPipeline,
  overrides: Readonly<Record<string, string>>,
): Record<string, Override> {
  const { environment, visibilityTimeoutSeconds } = deployed;
  return {
    visibility_timeout_after_crash_seconds: { stack: visibilityTimeoutSeconds, run: HIDDEN_AFTER_CRASH_SECONDS },
    ...(batchSize !== deployed.batchSize && { batch_size: { stack: deployed.batchSize, run: batchSize } }),
    ...Object.fromEntries(Object.entries(overrides).map(([name, run]) => [name, { stack: environment[name], run }])),
  };
}
