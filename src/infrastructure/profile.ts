/** Modes of S3 Object Lock, and `none`. */
export const AUDIT_LOCKS = ['none', 'governance', 'compliance'] as const;

export type AuditLock = (typeof AUDIT_LOCKS)[number];

/** Settings that differ between a development environment and an audited one. */
export interface Profile {
  /** Days for which CloudWatch keeps the functions', the trail's and the flow logs. */
  readonly logRetentionDays: number;
  /** Days for which the audit bucket keeps an object, and a version that was overwritten or deleted. */
  readonly auditRetentionDays: number;
  /** How Object Lock protects the objects of the audit bucket until they expire. */
  readonly auditLock: AuditLock;
  /** Whether the trail records data events. */
  readonly dataEvents: boolean;
  /** Whether destroying the stack empties the audit bucket. If not, its policy denies everybody to delete an object. */
  readonly forceDestroy: boolean;
  /** Whether AWS refuses to delete the payment table. */
  readonly deletionProtection: boolean;
  /** Whether Terraform refuses a plan that destroys or replaces a queue, the table, a key, the audit bucket, its lock or policy, the trail or a log group. */
  readonly preventDestroy: boolean;
  /** Days in which a deleted key can be restored, 7 to 30. */
  readonly keyDeletionWindowDays: number;
}

export const PROFILES = {
  dev: {
    logRetentionDays: 1,
    auditRetentionDays: 90,
    auditLock: 'none',
    dataEvents: false,
    forceDestroy: true,
    deletionProtection: false,
    preventDestroy: false,
    keyDeletionWindowDays: 7,
  },
  // PCI DSS v4, 10.5.1: twelve months of audit trail; a month more, so that a yearly review finds all of them.
  production: {
    logRetentionDays: 365,
    auditRetentionDays: 400,
    auditLock: 'governance',
    dataEvents: true,
    forceDestroy: false,
    deletionProtection: true,
    preventDestroy: true,
    keyDeletionWindowDays: 30,
  },
} satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;

/** The profile of this name; for a name that its rule refuses, `dev`. */
export function profileNamed(name: string): Profile {
  return Object.hasOwn(PROFILES, name) ? PROFILES[name as ProfileName] : PROFILES.dev;
}
