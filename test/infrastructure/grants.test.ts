import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { TerraformVariable } from 'cdktf';
import { PaymentPipeline, PaymentPipelinePropsError } from '../../src/index';
import { otherProps, sharingProps, someProps } from '../../tools/kit/stacks/pipeline-props';
import { synthesize } from '../../tools/kit/stacks/synthesize';
import { statementsOf } from '../../tools/kit/stacks/template';

/** Two pipelines with everything of their own, and what their operator grants to roles. */
const template = synthesize((stack) => {
  const role = (id: string) => new IamRole(stack, id, { name: id, assumeRolePolicy: '{}' });
  const payments = new PaymentPipeline(stack, 'payments', someProps());
  const payouts = new PaymentPipeline(stack, 'payouts', otherProps());

  payments.grantReadPayments(role('auditor'));

  payments.grantSendPayments(role('producer'));

  const twice = role('twice');
  payments.grantSendPayments(twice);
  new SqsQueue(stack, 'waiting', { dependsOn: [payments.grantSendPayments(twice)] });

  const everything = role('everything');
  for (const pipeline of [payments, payouts]) {
    pipeline.grantSendPayments(everything);
    pipeline.grantReadPayments(everything);
  }
});

/** Policies that were added to a role: the name and the statements. */
function grantsOf(role: string) {
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
      actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
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
  expect(grantsOf('producer')).toEqual([SEND]);
  expect(grantsOf('auditor')).toEqual([READ]);
});

test('what one role was granted twice adds nothing, and can be granted to another role', () => {
  expect(grantsOf('twice')).toEqual([SEND]);
});

test('one role can be granted everything of two pipelines, in policies of different names', () => {
  const granted = grantsOf('everything');
  expect(granted).toHaveLength(4);
  expect(granted).toEqual(expect.arrayContaining([SEND, READ, OF_PAYOUTS(SEND), OF_PAYOUTS(READ)]));
});

test('a resource can depend on the grants', () => {
  expect(template.resource('aws_sqs_queue', 'waiting').depends_on).toEqual([
    'aws_iam_role_policy.payments_send_payments_twice',
  ]);
});

describe('a grant to an ARN', () => {
  const ROLE = 'arn:aws:iam::210987654321:role/sender';

  test('that is not of a role is refused, with what to give', () => {
    const errors: string[] = [];
    synthesize((stack) => {
      const payments = new PaymentPipeline(stack, 'payments', someProps());
      for (const wrong of ['sender', 'arn:aws:sts::210987654321:assumed-role/sender/somebody', '*']) {
        for (const grant of ['grantSendPayments', 'grantReadPayments'] as const) {
          try {
            payments[grant](wrong);
          } catch (error) {
            errors.push((error as PaymentPipelinePropsError).message);
            expect(error).toBeInstanceOf(PaymentPipelinePropsError);
          }
        }
      }
    });
    expect(errors).toHaveLength(6);
    expect(errors[0]).toBe(
      `Bad role for send_payments of the payment pipeline "test/payments":\n- role is 'sender', but must be an IamRole, or the ARN of an IAM role (a session's ARN changes with every caller)`,
    );
  });

  test('once or twice, and to a variable, makes one policy with each role once', () => {
    const granted = synthesize((stack) => {
      const variable = new TerraformVariable(stack, 'sender', {});
      const payments = new PaymentPipeline(stack, 'payments', someProps());
      const policies = [ROLE, ROLE, variable.stringValue, variable.stringValue].map((arn) =>
        payments.grantSendPayments(arn),
      );
      expect(new Set(policies).size).toBe(1);
      new SqsQueue(stack, 'waiting', { dependsOn: [policies[0]!] });
    });
    expect(statementsOf(granted, 'payments_send_payments_to_arns')).toEqual([
      expect.objectContaining({ principals: [{ type: 'AWS', identifiers: [ROLE, '${var.sender}'] }] }),
    ]);
    const [senders] = statementsOf(granted, 'payments_encryption_sqs_key_policy').filter(
      ({ sid }) => sid === 'Senders',
    );
    expect(senders).toMatchObject({ principals: [{ type: 'AWS', identifiers: [ROLE, '${var.sender}'] }] });
    expect(granted.resource('aws_sqs_queue', 'waiting').depends_on).toEqual([
      'aws_sqs_queue_policy.payments_send_payments_policy',
    ]);
  });

  test("of a pipeline that shares another's keys: the key's own pipeline admits the role", () => {
    const shared = synthesize((stack) => {
      const payments = new PaymentPipeline(stack, 'payments', someProps());
      new PaymentPipeline(stack, 'payouts', sharingProps(payments)).grantReadPayments(ROLE);
    });
    expect(statementsOf(shared, 'payments_encryption_dynamodb_key_policy').map(({ sid }) => sid)).toContain('Readers');
    expect(shared.resource('aws_dynamodb_resource_policy', 'payouts_read_payments_policy').resource_arn).toBe(
      '${aws_dynamodb_table.payouts_payment_table.arn}',
    );
  });
});
