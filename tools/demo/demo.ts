import { connect } from 'node:net';
import { UsageError } from '../../src/cli/command-error';
import { type AccountHash, createAccountHash, type OnFailedPayment, type ProcessorVariables } from '../../src/contract';
import { EmbeddedPipeline } from '../kit/embedded/pipeline';
import { startFraudApi } from '../kit/embedded/fraud-api';
import { observe, type Observation } from '../page/cloudwatch';
import { probe } from './probe';
import type { Progress } from './progress';
import { gather, pay, SHORT_RETRY_WAITS } from './run-payments';
import type { Run } from './verification/report';
import type { Submissions } from './payment-input';

const CONNECT_TIMEOUT_MS = 3_000;

export interface DemoSettings {
  readonly stackFile: string;
  readonly bundle: string;
  /** Receives the output of the functions. */
  readonly logFile: string;
  readonly seed: number;
  readonly faultRate: number;
  /** Instead of what the stack says. */
  readonly onFailedPayment: OnFailedPayment | undefined;
  /** Whether the function publishes outcomes. */
  readonly outcomes: boolean;
  /** A fraud API to use instead of the embedded one. */
  readonly fraudUrl: string | undefined;
  /** Module of the fraud API's adapter, a file URL. */
  readonly fraudAdapter: string | undefined;
}

export interface DemoResult extends Run {
  readonly concurrency: number;
  readonly fraudUrl: string;
  readonly stackFile: string;
  /** Settings that the run had otherwise than the stack, and what the stack has. */
  readonly overridden: readonly string[];
  /** The output of the functions. */
  readonly logFile: string;
  /** Invocations that failed as a whole. */
  readonly functionErrors: number;
}

/** A run with what its page shows in addition. */
export interface ObservedDemo extends DemoResult {
  /** Dashboard and alarms at the end of the run. */
  readonly observation: Observation;
  /** The functions' hash of an account. */
  readonly accountHash: AccountHash;
}

/** Sends the payments through the embedded pipeline until its queue is empty, or the signal ends it. */
export async function runDemo(
  settings: DemoSettings,
  submissions: Submissions,
  observer: Pick<Progress, 'step' | 'started' | 'progress'>,
  signal: AbortSignal,
): Promise<ObservedDemo> {
  if (settings.fraudUrl !== undefined) await mustBeReachable(settings.fraudUrl);
  const fraudApi = settings.fraudUrl === undefined ? await startFraudApi(settings) : undefined;
  const fraudUrl = settings.fraudUrl ?? fraudApi!.url;
  const overrides = {
    FRAUD_API_URL: fraudUrl,
    RETRY_WAITS_SECONDS: SHORT_RETRY_WAITS,
    ...(settings.onFailedPayment !== undefined && { ON_FAILED_PAYMENT: settings.onFailedPayment }),
    ...(settings.fraudAdapter !== undefined && { FRAUD_API_ADAPTER: settings.fraudAdapter }),
  } satisfies Partial<ProcessorVariables>;
  let pipeline: EmbeddedPipeline | undefined;
  try {
    const payments = Math.max(1, submissions.payments.length);
    pipeline = await EmbeddedPipeline.start({ ...settings, overrides, payments });
    const [first] = submissions.payments;
    if (settings.fraudUrl !== undefined && first !== undefined) {
      observer.step(`Asking the fraud API about ${first.transaction_id}, which it gets again in the run`);
      const timeoutMs = Number(pipeline.variable('FRAUD_API_TIMEOUT_MS'));
      observer.step(`  ${await probe(first, { url: fraudUrl, adapter: settings.fraudAdapter, timeoutMs, signal })}`);
    }
    observer.started({ concurrency: pipeline.concurrency, fraudUrl });
    await pipeline.warmUp();
    const began = performance.now();
    const { accepted, refusals } = await pay(pipeline, submissions, observer, signal);
    const durationMs = performance.now() - began;
    await pipeline.stop();
    const observation = observe(pipeline.cloudWatch);
    return {
      observation,
      accountHash: createAccountHash(pipeline.deployed.environment.ACCOUNT_HASH_KEY),
      evidence: await gather(pipeline, accepted, fraudApi),
      refusals,
      durationMs,
      interrupted: signal.aborted,
      concurrency: pipeline.concurrency,
      fraudUrl,
      stackFile: settings.stackFile,
      overridden: overridden(pipeline, settings),
      logFile: settings.logFile,
      functionErrors: pipeline.functionErrors.length,
    };
  } finally {
    await pipeline?.close();
    await fraudApi?.close();
  }
}

function overridden(
  { deployed }: EmbeddedPipeline,
  { onFailedPayment, fraudAdapter, outcomes }: DemoSettings,
): string[] {
  const mode = deployed.environment.ON_FAILED_PAYMENT;
  return [
    `RETRY_WAITS_SECONDS=${SHORT_RETRY_WAITS} (deployed: 20 s and 31 minutes)`,
    ...(onFailedPayment === undefined || onFailedPayment === mode
      ? []
      : [`ON_FAILED_PAYMENT=${onFailedPayment} (deployed: ${String(mode)})`]),
    ...(outcomes ? ["outcomes: 'topic' (deployed: 'none')"] : []),
    ...(fraudAdapter === undefined ? [] : [`FRAUD_API_ADAPTER=${fraudAdapter} (deployed: none)`]),
  ];
}

/** Only connects, before anything else is started. */
async function mustBeReachable(url: string): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({
    host,
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
    timeout: CONNECT_TIMEOUT_MS,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
      socket.once('timeout', () => {
        reject(Object.assign(new Error(), { code: 'ETIMEDOUT' }));
      });
    });
  } catch (error) {
    throw new UsageError(
      `The fraud API at ${hostname} does not answer (${systemErrorCode(error)}): start it, or leave --fraud-url out.`,
    );
  } finally {
    socket.destroy();
  }
}

/** The operating system's word for what went wrong, such as `ENOENT`. */
export function systemErrorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'no reason given';
}
