import type { Cause } from '../../src/dlq-processor/core/failures';
import type { Outcome, PaymentStatus } from '../../src/contract';

/**
 * All that the page shows, as one JSON value. It has no part of a payment that the logs would not hold, except the end of
 * the account's number, which the operator's tool shows. Times are milliseconds since the epoch.
 */
export interface PageModel {
  readonly run: RunFacts;
  readonly claims: readonly ClaimResult[];
  /** In the dashboard's order. */
  readonly widgets: readonly PageWidget[];
  readonly alarms: readonly PageAlarm[];
  /** At most {@link MOST_PAYMENTS}. */
  readonly payments: readonly PagePayment[];
  /** At most {@link MOST_DEAD_LETTERS}. */
  readonly deadLetters: readonly PageDeadLetter[];
  readonly patterns: readonly FailurePattern[];
  readonly drills: readonly PageDrill[];
}

/** The run behind the page. */
export interface RunFacts {
  /** Such as `Demo`. */
  readonly title: string;
  /** One sentence on what runs, and with which settings. */
  readonly summary: string;
  /** Start of the graphs and of the alarms' bands. */
  readonly start: number;
  /** Their end: now, in pipeline time. */
  readonly now: number;
  /** Seconds of pipeline time in a second. Graphs and alarms have pipeline time; payments have real time. */
  readonly timeScale: number;
  /** Figures of the header, in order. */
  readonly figures: readonly Figure[];
  /** Payments of the run, of which the page may have fewer. */
  readonly paymentCount: number;
  /** Messages in the dead-letter queue, of which the page may have fewer. */
  readonly deadLetterCount: number;
  /** Begins each command that the page shows, such as `npx projen ops -- --local`. Undefined when nothing runs any more. */
  readonly operate?: string;
}

export interface Figure {
  readonly label: string;
  readonly value: string;
  /** More on it, in a few words. */
  readonly note?: string;
  /** Colours the figure. */
  readonly status?: Outcome;
}

/** A promise of the pipeline, and whether the run kept it. */
export interface ClaimResult {
  readonly name: string;
  readonly promise: string;
  /** Undefined when the run ended before it could be judged. */
  readonly holds?: boolean | undefined;
  readonly seen: string;
}

interface Placed {
  /** In units of the dashboard's grid, which has 24 columns. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type PageWidget = GraphWidget | AlarmWidget | TextWidget;

export interface GraphWidget extends Placed {
  readonly type: 'metric';
  readonly title: string;
  readonly view: 'timeSeries' | 'pie' | 'singleValue';
  readonly stacked: boolean;
  /** Seconds per data point. */
  readonly period: number;
  /** Times of the data points; one for a view of the whole range. */
  readonly times: readonly number[];
  readonly lines: readonly GraphLine[];
  readonly annotations: readonly Annotation[];
}

export interface GraphLine {
  readonly label: string;
  readonly axis: 'left' | 'right';
  /** Of a line that counts errors, or the payments of one outcome. */
  readonly tone?: Outcome | 'error';
  /** Whether it counts events: a period without data had none, and is drawn as 0. */
  readonly isCount: boolean;
  /** One per time; null where the metric has no data. */
  readonly values: readonly (number | null)[];
}

/** A horizontal line. */
export interface Annotation {
  readonly label: string;
  readonly value: number;
  readonly axis: 'left' | 'right';
}

export interface AlarmWidget extends Placed {
  readonly type: 'alarm';
  readonly title: string;
  /** Names of {@link PageAlarm}s. */
  readonly alarms: readonly string[];
}

export interface TextWidget extends Placed {
  readonly type: 'text';
  readonly markdown: string;
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface PageAlarm {
  readonly name: string;
  /** The alarm's description, without its first command and its runbook. */
  readonly meaning: string;
  /** Such as `Maximum of ApproximateNumberOfMessagesVisible > 1000, 2 of 2 periods of 300 s`. */
  readonly condition: string;
  readonly firstCommand: string;
  /** Path of the page below the project's root. */
  readonly runbook: string;
  /** Changes of state, oldest first. The first is the state at the start. */
  readonly history: readonly StateChange[];
  readonly mails: readonly Mail[];
}

export interface StateChange {
  readonly at: number;
  readonly state: AlarmState;
  readonly reason: string;
}

export interface Mail {
  readonly at: number;
  readonly subject: string;
  readonly text: string;
}

/** Real time, in contrast to graphs and alarms. */
export interface PagePayment {
  readonly id: string;
  /** Hash of the account. */
  readonly account: string;
  /** The end of the account's number, as the operator's tool shows it. */
  readonly accountEnd: string;
  readonly status: PaymentStatus;
  /** The account's order: SQS's sequence number. */
  readonly sequence: string;
  /** When SQS took the message. */
  readonly sentAt?: number;
  readonly attempts: number;
  /** Without the reasons, which are the fraud API's own words about the payment. */
  readonly fraud?: { readonly decision: string; readonly score: number };
  readonly failure?: { readonly code: Cause; readonly message?: string };
  readonly deadLetteredAt?: number;
  readonly parkedBehind?: string;
  readonly history: readonly Transition[];
  /** Entries that the record's history has lost. */
  readonly omitted?: number;
}

export interface Transition {
  readonly status: PaymentStatus;
  readonly at: number;
  readonly attempt: number;
  /** The first characters of the invocation's request id. */
  readonly request: string;
  readonly reason?: string;
}

export interface PageDeadLetter {
  readonly messageId: string;
  /** Undefined for an invalid message. */
  readonly transactionId?: string;
  readonly account?: string;
  readonly accountEnd?: string;
  readonly code: string;
  readonly meaning: string;
  readonly nextStep: string;
  /** Arguments of the operator's tool that end the dead letter. */
  readonly command: string;
}

/** A pattern of the DLQ processor's analysis. */
export interface FailurePattern {
  readonly kind: string;
  readonly subject: string;
  readonly failed: number;
  readonly example?: string;
  readonly whatToDo: string;
}

/** A fault that a person switches on to practise. */
export interface PageDrill {
  readonly name: string;
  readonly title: string;
  /** What it does, in a sentence. */
  readonly summary: string;
  /** Names of the alarms that should ring. */
  readonly expected: readonly string[];
  /** Path of the runbook below the project's root. */
  readonly runbook: string;
  readonly state: 'idle' | 'running' | 'recovering' | 'ended';
  /** The fault's time. It is shaded in the graphs. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly verdict?: DrillVerdict;
}

/** What a reader of the live page may do with a drill's fault. */
export type DrillAction = 'start' | 'stop';

export interface DrillVerdict {
  readonly passed: boolean;
  /** Sentences: what rang and when, what was lost, how long recovery took. */
  readonly findings: readonly string[];
}
