import { adviseOn } from '../../../tools/deploy/advice';

const LOCKED = `\u001b[31m╷\u001b[0m
\u001b[31m│\u001b[0m \u001b[1m\u001b[31mError: \u001b[0mError acquiring the state lock
\u001b[31m│\u001b[0m
\u001b[31m│\u001b[0m Error message: operation error S3: PutObject
\u001b[31m│\u001b[0m Lock Info:
\u001b[31m│\u001b[0m   ID:        8f2e3c1a-0000-1111-2222-333344445555
\u001b[31m│\u001b[0m   Path:      states/payment-pipeline.tfstate`;

/** A long line, wrapped by Terraform. */
const WRAPPED = `\u001b[31m│\u001b[0m \u001b[0m\u001b[1m\u001b[31mError: \u001b[0m\u001b[0m\u001b[1mdeleting DynamoDB Table: ValidationException: Disable deletion\u001b[0m
\u001b[31m│\u001b[0m \u001b[0mprotection first`;

test.each([
  ['a lock', 'apply', LOCKED, /Another run.*force-unlock 8f2e3c1a-0000-1111-2222-333344445555"/],
  ['a lock without an ID', 'plan', 'Error: Error acquiring the state lock', /force-unlock LOCK_ID/],
  [
    'a state that could not be saved',
    'apply',
    'Error: Failed to save state\n ... errored.tfstate',
    /keep that file.*state push/,
  ],
  ['another backend', 'init', 'Error: Backend configuration changed', /-migrate-state.*-reconfigure/],
  ['a stale plan', 'apply', 'Error: Saved plan is stale', /npx projen plan -- -out/],
  [
    'a question without an answer',
    'apply',
    'Error: error asking for approval: EOF',
    /Nothing was changed.*-auto-approve/,
  ],
  [
    'a file that is not a plan',
    'apply',
    'Error: Failed to load "/tmp/my.tfplan" as a plan file',
    /Nothing was changed.*npx projen plan -- -out/,
  ],
  ['no providers', 'init', 'Error: Failed to query available provider packages', /TF_PLUGIN_MIRROR/],
  ['credentials that ended', 'apply', 'Error: creating KMS Key: ExpiredToken: ...', /renew them/],
  [
    'a protected table',
    'destroy',
    'Error: deleting DynamoDB Table: ValidationException: Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    /--profile dev/,
  ],
  ['a protected table, wrapped and coloured', 'destroy', WRAPPED, /--profile dev/],
  [
    'a plan that would replace a queue',
    'plan',
    'Error: Instance cannot be destroyed\n\n  on cdk.tf.json line 1, in resource.aws_sqs_queue.payments_payment_queue:\n\n' +
      'Resource aws_sqs_queue.payments_payment_queue has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed.',
    /Nothing was changed.*"queue_name".*--profile dev/,
  ],
  ['a full bucket', 'destroy', 'Error: deleting S3 Bucket: BucketNotEmpty', /--profile dev/],
  ['an invalid variable', 'apply', 'Error: Invalid value for variable', /Nothing was changed/],
  ['an apply that failed half way', 'apply', 'Error: creating SQS Queue', /in the state.*run the same command again/],
  [
    'a destroy that failed half way',
    'destroy',
    'Error: deleting SQS Queue',
    /gone from the state.*run the same command again/,
  ],
])('%s', (_what, verb, stderr, advice) => {
  expect(adviseOn(verb, stderr)).toMatch(advice);
});

test('what to type is what Terraform is called here', () => {
  process.env.TERRAFORM_BINARY = 'tofu';
  try {
    expect(adviseOn('apply', LOCKED)).toContain('"tofu -chdir=cdktf.out/stacks/payment-pipeline force-unlock ');
  } finally {
    delete process.env.TERRAFORM_BINARY;
  }
});

test.each([
  ['a plan that failed', 'plan', 'Error: Reference to undeclared resource'],
  ['an approval that was not given', 'apply', ''],
])('none for %s: Terraform said all there is', (_what, verb, stderr) => {
  expect(adviseOn(verb, stderr)).toBeUndefined();
});
