import { mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fingerprint, type ProcessorVariables } from '../contract';
import { PaymentProducer, type SendResult } from '../producer/payment-producer';
import { EmbeddedPipeline } from './embedded-pipeline';
import { type EmbeddedFraudApi, startFraudApi } from './embedded/fraud-api';
import { type AcceptedPayment, type Evidence, readRecords, takeDeadLetters } from './proof/evidence';
import type { Run } from './proof/report';
import type { Submissions } from './submissions';
import { systemErrorCode } from './system-error';

/** The deployed waits (20 s and 31 minutes) would outlast anybody's patience; nothing else is changed. */
export const DEMO_RETRY_WAITS = '1,2';

const DRAIN_POLL_MS = 100;
const CONNECT_TIMEOUT_MS = 3_000;

export interface DemoSettings {
  readonly stackFile: string;
  readonly bundle: string;
  readonly seed: number;
  readonly faultRate: number;
  /** A fraud API to use instead of the embedded one. */
  readonly fraudUrl: string | undefined;
}

/** What a run is doing, for those who watch. */
export interface DemoObserver {
  started(pipeline: { readonly concurrency: number; readonly fraudUrl: string }): void;
  /** Payments accepted so far, and how many of them have left the queue. */
  progress(accepted: number, done: number): void;
}

export interface DemoResult extends Run {
  readonly concurrency: number;
  readonly fraudUrl: string;
  readonly stackFile: string;
  /** What the functions wrote. */
  readonly logFile: string;
  /** Invocations that failed as a whole. */
  readonly functionErrors: number;
}

/** The given fraud API cannot be reached. */
export class FraudApiUnreachableError extends Error {
  override readonly name = 'FraudApiUnreachableError';
}

/** Sends the payments through the embedded pipeline until its queue is empty, or the signal ends it. */
export async function runDemo(
  settings: DemoSettings,
  submissions: Submissions,
  observer: DemoObserver,
  signal: AbortSignal,
): Promise<DemoResult> {
  if (settings.fraudUrl !== undefined) await mustBeReachable(settings.fraudUrl);
  const fraudApi = settings.fraudUrl === undefined ? await startFraudApi(settings) : undefined;
  const logFile = join(mkdtempSync(join(tmpdir(), 'payment-pipeline-demo-')), 'functions.log');
  const fraudUrl = settings.fraudUrl ?? fraudApi!.url;
  const overrides = { FRAUD_API_URL: fraudUrl, RETRY_WAITS_SECONDS: DEMO_RETRY_WAITS } satisfies Partial<ProcessorVariables>;
  let pipeline: EmbeddedPipeline | undefined;
  try {
    const payments = Math.max(1, submissions.payments.length);
    pipeline = await EmbeddedPipeline.start({ ...settings, overrides, payments, logFile });
    observer.started({ concurrency: pipeline.concurrency, fraudUrl });
    const began = performance.now();
    const { accepted, refusals } = await pay(pipeline, submissions, observer, signal);
    await pipeline.stop();
    return {
      evidence: await gather(pipeline, accepted, fraudApi),
      refusals,
      durationMs: performance.now() - began,
      interrupted: signal.aborted,
      concurrency: pipeline.concurrency,
      fraudUrl,
      stackFile: settings.stackFile,
      logFile,
      functionErrors: pipeline.functionErrors.length,
    };
  } finally {
    await pipeline?.close();
    await fraudApi?.close();
  }
}

async function pay(
  pipeline: EmbeddedPipeline,
  { payments, badLines }: Submissions,
  observer: DemoObserver,
  signal: AbortSignal,
): Promise<{ accepted: AcceptedPayment[]; refusals: string[] }> {
  const accepted: AcceptedPayment[] = [];
  const refusals = badLines.map(({ code }) => code);
  const positions = new Map(payments.map((payment, position) => [payment, position]));
  const onResult = (result: SendResult) => {
    if (result.status === 'refused') refusals.push(result.code);
    else {
      const { payment, sequenceNumber } = result;
      const position = positions.get(payment)!;
      accepted.push({ payment, fingerprint: fingerprint(payment), position, sequenceNumber, acceptedAt: Date.now() });
    }
  };
  const producer = new PaymentProducer(pipeline.aws.sqs, pipeline.deployed.paymentQueueUrl);
  let sent = false;
  const sending = producer.send(payments, { signal, onResult }).finally(() => { sent = true; });
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

async function gather(
  pipeline: EmbeddedPipeline,
  accepted: readonly AcceptedPayment[],
  fraudApi: EmbeddedFraudApi | undefined,
): Promise<Evidence> {
  const { aws, deployed, metrics } = pipeline;
  const records = await readRecords(aws.dynamodb, deployed.tableName);
  const refusedByRecords = () =>
    new Set(records.filter(({ failure_code }) => failure_code === 'FRAUD_CHECK_REFUSED').map(({ transaction_id }) => transaction_id));
  return {
    accepted,
    records,
    queued: await pipeline.queued(),
    deadLetters: await takeDeadLetters(aws.sqs, deployed.deadLetterQueueUrl),
    // The embedded API tells what it refused; of another one only the records speak.
    refusedForGood: fraudApi?.refused ?? refusedByRecords(),
    metric: (name) => metrics.sum(name),
  };
}

/** Only connects: a call would be a payment to that API. */
async function mustBeReachable(url: string): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80), timeout: CONNECT_TIMEOUT_MS });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
      socket.once('timeout', () => { reject(Object.assign(new Error(), { code: 'ETIMEDOUT' })); });
    });
  } catch (error) {
    throw new FraudApiUnreachableError(`The fraud API at ${hostname} does not answer (${systemErrorCode(error)}): start it, or leave --fraud-url out.`);
  } finally {
    socket.destroy();
  }
}
