/** A finding of checkov that we live with, and why. */
export interface AcceptedFinding {
  /** Id of a check of checkov, such as `CKV_AWS_144`. */
  readonly check: string;
  /** Address as Terraform has it; a pattern has to match all of it. */
  readonly resource: string | RegExp;
  readonly reason: string;
}

const KEY_POLICY = /data\.aws_iam_policy_document\.payments_encryption_(s3|sqs|dynamodb)_key_policy/;
const FUNCTION_PERMISSIONS = /data\.aws_iam_policy_document\.(payments|payouts)_(payment|dlq)_processor_permissions/;
const FUNCTION = /aws_lambda_function\.(payments|payouts)_(payment|dlq)_processor/;

const A_KEYS_OWN_POLICY =
  'In a key\'s own policy, resource "*" is that key; without the account\'s root in it the policy could never be changed again.';

/** Findings in the production stack. An entry that matches nothing any more fails the scan as well. */
export const ACCEPTED: readonly AcceptedFinding[] = [
  { check: 'CKV_AWS_109', resource: KEY_POLICY, reason: A_KEYS_OWN_POLICY },
  { check: 'CKV_AWS_111', resource: KEY_POLICY, reason: A_KEYS_OWN_POLICY },
  { check: 'CKV_AWS_356', resource: KEY_POLICY, reason: A_KEYS_OWN_POLICY },
  {
    check: 'CKV_AWS_111',
    resource: FUNCTION_PERMISSIONS,
    reason:
      'Lambda demands "*" for network interfaces, which a second statement denies to the function\'s own code; X-Ray has no resource ARNs.',
  },
  {
    check: 'CKV_AWS_115',
    resource: /aws_lambda_function\.(payments|payouts)_dlq_processor/,
    reason:
      'A person calls it, a few times a day at most: reserving concurrency would only take it from the payment processor.',
  },
  {
    check: 'CKV_AWS_116',
    resource: FUNCTION,
    reason:
      "A function's own dead-letter queue is for asynchronous calls. One reads a queue that has one, the other answers its caller.",
  },
  {
    check: 'CKV_AWS_173',
    resource: FUNCTION,
    reason: 'The variables are names, addresses and limits, no secret; Lambda encrypts them with a key of its own.',
  },
  {
    check: 'CKV_AWS_272',
    resource: FUNCTION,
    reason:
      'Signing needs a profile and a bucket of the account that outlive the stack; the plan shows the hash of the code instead.',
  },
  {
    check: 'CKV_AWS_18',
    resource: 'aws_s3_bucket.payments_audit_bucket',
    reason:
      'It is the bucket for logs; logging its own accesses would need another one. CloudTrail shows who changed it.',
  },
  {
    check: 'CKV_AWS_144',
    resource: 'aws_s3_bucket.payments_audit_bucket',
    reason: 'Everything is in one region by request; a copy elsewhere is a decision on where audit data may be.',
  },
  {
    check: 'CKV2_AWS_62',
    resource: 'aws_s3_bucket.payments_audit_bucket',
    reason: 'Nothing reacts to a delivered log; alarms read the log groups, which are faster.',
  },
  {
    check: 'CKV_AWS_26',
    resource: 'aws_sns_topic.payments_alerting_key_changes_topic',
    reason:
      'It reports that a key is being disabled, so it uses none, and holds nothing about payments: docs/decisions/024-key-changes-without-keys.md.',
  },
  {
    check: 'CKV_AWS_252',
    resource: 'aws_cloudtrail.payments_audit_trail',
    reason: 'A message for every delivered file would carry no news; alarms on the events go to the alert topic.',
  },
  {
    check: 'CKV_AWS_394',
    resource: 'data.aws_availability_zones.available',
    reason: 'The lookup is filtered to the zones that need no opt-in, which is what the check is after.',
  },
];
