/** The pipeline as it deploys by default; a test holds it against the synthesized stack. */
export const SETTINGS = {
  visibilityTimeoutMs: 360_000,
  /** How long the queue keeps a message. */
  retentionMs: 345_600_000,
  functionTimeoutMs: 60_000,
  batchSize: 10,
  maxReceiveCount: 3,
  groupConcurrency: 10,
  retryDelays: [20, 1_860] as const,
  fraudTimeoutMs: 2_000,
  fraudAttempts: 4,
  deadLetterVisibilityMs: 180_000,
  deadLetterRetentionMs: 1_209_600_000,
  dlqProcessorTimeoutMs: 120_000,
};
