import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { PaymentPipeline } from '../../src/index';
import { otherProps, someProps } from '../../tools/kit/stacks/pipeline-props';
import { synthesize } from '../../tools/kit/stacks/synthesize';
import { statementsOf, type Template } from '../../tools/kit/stacks/template';

/** Two pipelines with everything of their own, and what their operator grants to two roles. */
function synthesizeGrants(
  grant: (payments: PaymentPipeline, payouts: PaymentPipeline, one: IamRole, other: IamRole) => void,
): Template {
  return synthesize((stack) => {
    const role = (id: string) => new IamRole(stack, id, { name: id, assumeRolePolicy: '{}' });
    const pipelines = [
      new PaymentPipeline(stack, 'payments', someProps()),
      new PaymentPipeline(stack, 'payouts', otherProps()),
    ] as const;
    grant(...pipelines, role('producer'), role('auditor'));
  });
}

/** What was added to a role: name of the policy, and its statements. */
function grantsOf(template: Template, role: string) {
  const policies = Object.values(template.json.resource.aws_iam_role_policy ?? {});
  return policies
    .filter((policy) => policy.role === `\${aws_iam_role.${role}.name}`)
    .map(({ name, policy }) => ({
      name,
      statements: statementsOf(template, /document\.(\w+)\.json/.exec(String(policy))![1]!),
    }));
}

const SEND = {
  name: 'iam-policy-send-payments-dev',
  statements: [
    { sid: 'SendPayments', actions: ['sqs:SendMessage'], resources: ['${aws_sqs_queue.payments_payment_queue.arn}'] },
    {
      sid: 'EncryptPayments',
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['${aws_kms_key.payments_encryption_sqs_key.arn}'],
    },
  ],
};

const READ = {
  name: 'iam-policy-read-payments-dev',
  statements: [
    {
      sid: 'ReadPayments',
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      resources: [
        '${aws_dynamodb_table.payments_payment_table.arn}',
        '${aws_dynamodb_table.payments_payment_table.arn}/index/status-timestamp-index',
      ],
    },
    {
      sid: 'DecryptPayments',
      actions: ['kms:Decrypt'],
      resources: ['${aws_kms_key.payments_encryption_dynamodb_key.arn}'],
    },
  ],
};

/** The same of the other pipeline. */
const OF_PAYOUTS = (granted: object) =>
  JSON.parse(
    JSON.stringify(granted)
      .replaceAll('-dev', '-payouts')
      .replace(/\.payments_/g, '.payouts_'),
  ) as object;

test('each role gets what it was granted, and no more', () => {
  const template = synthesizeGrants((payments, _payouts, producer, auditor) => {
    payments.grantSendPayments(producer);
    payments.grantReadPayments(auditor);
  });
  expect(grantsOf(template, 'producer')).toEqual([SEND]);
  expect(grantsOf(template, 'auditor')).toEqual([READ]);
});

test('two roles can be granted the same', () => {
  const template = synthesizeGrants((payments, _payouts, ...roles) => {
    for (const role of roles) payments.grantSendPayments(role);
  });
  expect([...grantsOf(template, 'producer'), ...grantsOf(template, 'auditor')]).toEqual([SEND, SEND]);
});

test('one role can be granted the same twice, which adds nothing', () => {
  const template = synthesizeGrants((payments, _payouts, role) => {
    payments.grantSendPayments(role);
    payments.grantSendPayments(role);
  });
  expect(grantsOf(template, 'producer')).toEqual([SEND]);
});

test('one role can be granted everything of two pipelines, in policies of different names', () => {
  const template = synthesizeGrants((payments, payouts, role) => {
    for (const pipeline of [payments, payouts]) {
      pipeline.grantSendPayments(role);
      pipeline.grantReadPayments(role);
    }
  });
  const granted = grantsOf(template, 'producer');
  expect(granted).toHaveLength(4);
  expect(granted).toEqual(expect.arrayContaining([SEND, READ, OF_PAYOUTS(SEND), OF_PAYOUTS(READ)]));
});

test('what is granted can be waited for', () => {
  const template = synthesizeGrants((payments, _payouts, role) => {
    new SqsQueue(role.cdktfStack, 'waiting', { dependsOn: [payments.grantSendPayments(role)] });
  });
  expect(template.resource('aws_sqs_queue', 'waiting').depends_on).toEqual([
    'aws_iam_role_policy.payments_send_payments_producer',
  ]);
});
