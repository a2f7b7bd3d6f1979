import type { AccountHash, OnFailedPayment } from '../../contract';
import type { Clock, DeadLetters, FraudApi, Holds, PaymentStore, Random, Telemetry } from './ports';

/** What the core works with, made once for the function's life. */
export interface Services {
  readonly store: PaymentStore;
  readonly holds: Holds;
  readonly fraudApi: FraudApi;
  readonly deadLetters: DeadLetters;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly random: Random;
  readonly accountHash: AccountHash;
}

export interface Settings {
  readonly maxReceiveCount: number;
  /** Accounts of a batch worked on at the same time. */
  readonly groupConcurrency: number;
  /** Seconds: ceiling of the short wait, floor of the long one. */
  readonly retryDelays: readonly [number, number];
  readonly releaseId: string;
  /** Whether an account goes on when one of its payments has failed, or waits for it. */
  readonly onFailedPayment: OnFailedPayment;
}

/** One invocation of the function. */
export interface Invocation {
  readonly requestId: string;
  /** Milliseconds since the epoch; Lambda ends the function then. */
  readonly deadline: number;
  /** Aborted before the function returns: a call that outlives it would wake in a later one, and act for nobody. */
  readonly signal: AbortSignal;
}

/** Kept free of fraud checks: writing the last decisions, quarantine, visibility, metrics. */
export const RESERVE_MS = 5_000;

/** Before Lambda's own timeout: calls are given up, with enough time left to answer with what is done. */
export const STOP_CALLS_MS = 2_000;
