import { setTimeout as sleep } from 'node:timers/promises';
import type { Disruption, EmbeddedFraudApi } from '../kit/embedded/fraud-api';
import type { DeadLetter } from '../demo/verification/evidence';
import type { EmbeddedPipeline } from '../kit/embedded/pipeline';
import { addForgottenReview } from './forgotten-review';
import type { FunctionFaults } from './function-faults';
import type { Traffic } from './traffic';

/** The local pipeline, as drills use it. */
export interface DrillTarget {
  readonly environment: string;
  readonly pipeline: EmbeddedPipeline;
  readonly fraudApi: EmbeddedFraudApi;
  readonly functions: FunctionFaults;
  readonly traffic: Traffic;
  /** Notes the transaction ids of the payments that come from now on, until its `stop` returns them. */
  watchPayments(): { stop: () => readonly string[] };
  /** Those among them that are neither decided nor dead letters. */
  unsettled(transactionIds: readonly string[]): Promise<string[]>;
  deadLetters(): readonly DeadLetter[];
  ageDeadLetters(): void;
}

/** A fault to practise with. */
export interface Drill {
  readonly title: string;
  /** What it does, in a sentence. */
  readonly summary: string;
  /** The alarms that should ring, by their names without the environment. */
  readonly alarms: readonly string[];
  /** The page and section to act by, below the project's root. */
  readonly runbook: string;
  /** Minutes of pipeline time that the fault lasts, unless it is ended before. */
  readonly minutes: number;
  /** @param abandoned aborts when the pipeline ends */
  readonly start: (target: DrillTarget, abandoned: AbortSignal) => void | Promise<void>;
  readonly stop?: (target: DrillTarget) => void | Promise<void>;
}

const runbook = (alarm: string) => `docs/runbooks/${alarm}.md`;

/** Each drill by its name. */
export const DRILLS: Readonly<Record<string, Drill>> = {
  'fraud-api-down': disruption('down', {
    title: 'The fraud API is down',
    summary: 'It resets every connection, for longer than the retries last. The circuit opens, and the backlog grows.',
    alarms: ['alarm-sqs-oldest-message-age', 'alarm-sqs-dlq-messages'],
    runbook: runbook('alarm-sqs-oldest-message-age'),
    minutes: 65,
  }),
  'fraud-api-slow': disruption('slow', {
    title: 'The fraud API is slow',
    summary: 'It answers later than FRAUD_API_TIMEOUT_MS allows.',
    alarms: ['alarm-sqs-oldest-message-age'],
    runbook: runbook('alarm-sqs-oldest-message-age'),
    minutes: 30,
  }),
  'fraud-api-refusing': disruption('refusing', {
    title: 'The fraud API refuses payments',
    summary: 'It answers every payment with 422, which is final. Each goes to the dead-letter queue at once.',
    alarms: ['alarm-payments-failed', 'alarm-sqs-dlq-messages', 'alarm-sqs-dlq-growth'],
    runbook: 'docs/runbooks/alarm-payments-failed.md',
    minutes: 10,
  }),
  'fraud-api-garbage': disruption('garbage', {
    title: 'The fraud API answers garbage',
    summary: 'It answers 200 with a page of HTML, as a wrong proxy does.',
    alarms: ['alarm-sqs-oldest-message-age'],
    runbook: runbook('alarm-sqs-oldest-message-age'),
    minutes: 30,
  }),
  'table-throttled': {
    title: 'The table is throttled',
    summary: 'DynamoDB refuses every call. Payments return to the queue, and none is acknowledged.',
    alarms: ['alarm-sqs-oldest-message-age'],
    runbook: runbook('alarm-sqs-oldest-message-age'),
    minutes: 20,
    start: ({ pipeline }) => {
      pipeline.aws.throttleTables(true);
    },
    stop: ({ pipeline }) => {
      pipeline.aws.throttleTables(false);
    },
  },
  'bad-release': {
    title: 'A bad release',
    summary: 'A release of the payment processor throws in every invocation. The end of the drill rolls it back.',
    alarms: ['alarm-lambda-error-rate'],
    runbook: 'docs/how-to/roll-back.md',
    minutes: 10,
    start: ({ functions }) => {
      functions.release('bad');
    },
    stop: ({ functions }) => {
      functions.release('good');
    },
  },
  'function-killed': {
    title: 'The function is killed',
    summary: 'One in three invocations of the payment processor is killed at work, as by a crash.',
    alarms: ['alarm-lambda-error-rate'],
    runbook: runbook('alarm-lambda-error-rate'),
    minutes: 10,
    start: ({ functions }) => {
      functions.isKilling = true;
    },
    stop: ({ functions }) => {
      functions.isKilling = false;
    },
  },
  'function-throttled': {
    title: 'The function is throttled',
    summary: 'Lambda refuses to run the payment processor, as when its reserved concurrency is 0.',
    alarms: ['alarm-lambda-throttles'],
    runbook: runbook('alarm-lambda-throttles'),
    minutes: 5,
    start: ({ pipeline }) => {
      pipeline.processor.reservedConcurrency = 0;
    },
    stop: ({ pipeline }) => {
      pipeline.processor.reservedConcurrency = Infinity;
    },
  },
  'poison-account': {
    title: 'A poison account',
    summary: 'One account sends as much as all others, and the fraud API refuses each of its payments.',
    alarms: ['alarm-payments-failed', 'alarm-sqs-dlq-messages'],
    runbook: 'docs/runbooks/dead-letters.md#analyze',
    minutes: 10,
    start: ({ traffic }) => {
      traffic.isPoisoned = true;
    },
    stop: ({ traffic }) => {
      traffic.isPoisoned = false;
    },
  },
  burst: {
    title: 'A burst of payments',
    summary: 'A client sends 2,000 payments at once.',
    alarms: ['alarm-sqs-queue-depth', 'alarm-lambda-concurrency'],
    runbook: runbook('alarm-sqs-queue-depth'),
    minutes: 15,
    start: ({ traffic }) => {
      traffic.send(2_000);
    },
    stop: ({ traffic }) => traffic.sent(),
  },
  'forgotten-dead-letter': {
    title: 'A forgotten dead letter',
    summary: 'A payment is refused, and its dead letter is made twelve days old at once.',
    alarms: ['alarm-sqs-dlq-messages', 'alarm-sqs-dlq-oldest-message-age'],
    runbook: runbook('alarm-sqs-dlq-oldest-message-age'),
    minutes: 10,
    start: async (local, abandoned) => {
      local.traffic.sendPoison();
      while (local.deadLetters().length === 0 && !abandoned.aborted) await sleep(100);
      local.ageDeadLetters();
    },
  },
  'forgotten-review': {
    title: 'A forgotten review',
    summary: 'A payment that came into review 25 hours ago is put into the table.',
    alarms: ['alarm-payments-review-age'],
    runbook: runbook('alarm-payments-review-age'),
    minutes: 60,
    start: ({ pipeline }) => addForgottenReview(pipeline),
  },
  'audit-events': {
    title: 'Suspicious events of the audit trail',
    summary:
      'CloudTrail reports, from an emulated event each, that root was used, the trail stopped and a key disabled.',
    alarms: ['alarm-security-root-use', 'alarm-security-trail-change', 'alarm-security-key-disabled'],
    runbook: runbook('alarm-security-root-use'),
    minutes: 5,
    start: ({ pipeline: { cloudWatch } }) => {
      cloudWatch.trail({ eventName: 'ConsoleLogin', eventType: 'AwsConsoleSignIn', userIdentity: { type: 'Root' } });
      cloudWatch.trail({
        eventSource: 'cloudtrail.amazonaws.com',
        eventName: 'StopLogging',
        userIdentity: { type: 'IAMUser' },
      });
      cloudWatch.trail({
        eventSource: 'kms.amazonaws.com',
        eventName: 'DisableKey',
        userIdentity: { type: 'IAMUser' },
      });
    },
  },
};

/** @returns undefined when there is none of that name */
export function drillNamed(name: string): Drill | undefined {
  return Object.hasOwn(DRILLS, name) ? DRILLS[name] : undefined;
}

/** Deployed alarms that no drill makes ring, and why. */
export const ALARMS_WITHOUT_DRILL: Readonly<Record<string, string>> = {
  'alarm-sqs-queue-backlog': 'More than 60,000 messages would take this machine half an hour to work off.',
  'alarm-sqs-in-flight': 'More than 96,000 messages in flight need as many payments, in thousands of invocations.',
};

function disruption(kind: Disruption, drill: Omit<Drill, 'start' | 'stop'>): Drill {
  return {
    ...drill,
    start: ({ fraudApi }) => {
      fraudApi.disruption = kind;
    },
    stop: ({ fraudApi }) => {
      fraudApi.disruption = undefined;
    },
  };
}
