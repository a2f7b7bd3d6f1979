import type { Age, Cause } from './failures';
import type { HeldAccounts } from './held-accounts';
import type { Pattern } from './patterns';
import type { Depth } from './ports';
import type { Sample } from './sample';

/** What the failed payments and the dead letters are, counted and left alone. */
export interface Analysis {
  readonly action: 'analyze';
  /** The analysis in one paragraph. */
  readonly summary: string;
  /** FAILED payments that were counted, the latest first. */
  readonly failedPayments: number;
  /** Each of these sums up to `failedPayments`. */
  readonly byFailureCode: Readonly<Partial<Record<Cause, number>>>;
  readonly byRelease: Readonly<Record<string, number>>;
  readonly byAge: Readonly<Partial<Record<Age, number>>>;
  readonly accounts: number;
  /** The ten that failed most, by their hash, each with one payment whose record tells the account. */
  readonly byAccount: readonly {
    readonly accountHash: string;
    readonly failed: number;
    readonly exampleTransactionId: string;
  }[];
  /** Of the failures that were counted; null when there are none. */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  /** Null when no time was left to ask. */
  readonly heldAccounts: HeldAccounts | null;
  readonly patterns: readonly Pattern[];
  /** The patterns that an alert was published for; the others were told within the hour, or this is a dry run. */
  readonly alerted: readonly Pattern['kind'][];
  /** Why no alert could be published; left out when none was due, or it was. */
  readonly alertError?: string;
  /** Null when no time was left to ask. */
  readonly deadLetters: Depth | null;
  /** What was seen of the dead letters, which is not all; null when no time was left to look. */
  readonly sample: Sample | null;
  /** Whether failed payments remain that were not counted. */
  readonly more: boolean;
  /** Why they were not; left out when all were. */
  readonly stoppedBy?: 'limit' | 'deadline';
}
