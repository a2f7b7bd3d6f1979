import type { PaymentPipelineProps } from '../../src/index';
import { synthesizePipeline } from '../../tools/kit/stacks/synthesize';
import type { Template } from '../../tools/kit/stacks/template';

interface LifecycleRule {
  readonly expiration?: readonly { readonly days: number }[];
  readonly noncurrent_version_expiration?: readonly { readonly noncurrent_days: number }[];
}

/** What a profile decides, each value once. */
function decided(template: Template) {
  const each = (type: string, attribute: string) => [
    ...new Set(Object.values(template.json.resource[type] ?? {}).map((resource) => resource[attribute])),
  ];
  const rules = each('aws_s3_bucket_lifecycle_configuration', 'rule').flat() as LifecycleRule[];
  const ages = rules.flatMap(({ expiration = [], noncurrent_version_expiration = [] }) => [
    ...expiration.map(({ days }) => days),
    ...noncurrent_version_expiration.map(({ noncurrent_days }) => noncurrent_days),
  ]);
  return {
    logDays: each('aws_cloudwatch_log_group', 'retention_in_days'),
    auditDays: [...new Set(ages)],
    bucketIsEmptied: each('aws_s3_bucket', 'force_destroy'),
    tableIsProtected: each('aws_dynamodb_table', 'deletion_protection_enabled'),
    keyDays: each('aws_kms_key', 'deletion_window_in_days'),
  };
}

const DEV = { logDays: [1], auditDays: [90], bucketIsEmptied: [true], tableIsProtected: [false], keyDays: [7] };
const PRODUCTION = {
  logDays: [365],
  auditDays: [400],
  bucketIsEmptied: [false],
  tableIsProtected: [true],
  keyDays: [30],
};

test.each<{ given: Partial<PaymentPipelineProps>; then: object }>([
  { given: {}, then: DEV },
  { given: { profile: 'dev' }, then: DEV },
  { given: { profile: 'production' }, then: PRODUCTION },
  { given: { logRetentionDays: 30 }, then: { ...DEV, logDays: [30] } },
  { given: { profile: 'production', logRetentionDays: 731 }, then: { ...PRODUCTION, logDays: [731] } },
])('$given', ({ given, then }) => {
  expect(decided(synthesizePipeline(given))).toEqual(then);
});
