/** Settings that differ between a development environment and an audited one. */
export interface Profile {
  /** Days for which CloudWatch keeps the functions', the trail's and the flow logs. */
  readonly logRetentionDays: number;
  /** Days for which the audit bucket keeps an object, and a version that was overwritten or deleted. */
  readonly auditRetentionDays: number;
  /** Whether destroying the stack empties the audit bucket. */
  readonly forceDestroy: boolean;
  /** Whether AWS refuses to delete the payment table. */
  readonly deletionProtection: boolean;
  /** Whether Terraform refuses a plan that destroys or replaces a queue, the table, a key or the audit bucket. */
  readonly preventDestroy: boolean;
  /** Days in which a deleted key can be restored, 7 to 30. */
  readonly keyDeletionWindowDays: number;
}

export const PROFILES = {
  dev: {
    logRetentionDays: 1,
    auditRetentionDays: 90,
    forceDestroy: true,
    deletionProtection: false,
    preventDestroy: false,
    keyDeletionWindowDays: 7,
  },
  // PCI DSS v4, 10.5.1: twelve months of audit trail; a month more, so that a yearly review finds all of them.
  production: {
    logRetentionDays: 365,
    auditRetentionDays: 400,
    forceDestroy: false,
    deletionProtection: true,
    preventDestroy: true,
    keyDeletionWindowDays: 30,
  },
} satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;
