import * as v from 'valibot';

/** Payments in one batch; the most that Lambda takes from a FIFO queue. */
export const BATCH_SIZE = 10;

/** Days for which an unprocessed payment is kept. */
export const PAYMENT_RETENTION_DAYS = 4;

/** Lambda's Node.js versions that the bundles run on. */
export const LAMBDA_RUNTIMES = ['nodejs22.x', 'nodejs24.x'] as const;

export type LambdaRuntime = (typeof LAMBDA_RUNTIMES)[number];

/** The data events that a trail can record. */
export const DATA_EVENTS = ['tableWrites', 'dlqInvocations', 'auditObjects'] as const;

/** The values of the prop `outcomes`. */
export const OUTCOMES_PROP = ['none', 'topic'] as const;

/** Whether the outcomes of payments are published. */
export type Outcomes = (typeof OUTCOMES_PROP)[number];

/** The settings that a pipeline was deployed with, as its output `settings` tells them. */
export const deployedSettings = v.object({
  visibility_timeout_seconds: v.number(),
  dead_letter_retention_seconds: v.number(),
  max_concurrency: v.number(),
  /** -1: nothing is reserved. */
  reserved_concurrency: v.number(),
  deletion_protection: v.boolean(),
  /** The data events that the trail records. None: the output of a trail without them lacks it. */
  data_events: v.optional(v.array(v.picklist(DATA_EVENTS)), []),
  /** The default retention of new audit objects, in S3's words. Undefined: the bucket has no lock, or an earlier release was deployed. */
  audit_lock: v.optional(v.object({ mode: v.string(), days: v.number() })),
  /** The log groups that keep evidence. None: an earlier release was deployed. */
  log_groups: v.optional(v.array(v.object({ name: v.string(), retention_days: v.number() })), []),
});

export type DeployedSettings = v.InferOutput<typeof deployedSettings>;
