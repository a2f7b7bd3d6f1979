import { readTemplate } from '../../../tools/kit/stacks/stacks';
import { statementOf, statementsOf } from '../../../tools/kit/stacks/template';

const template = readTemplate('pipeline');

describe.each([
  { id: 'payments_payment_processor', name: 'payment-processor', timeout: 60 },
  { id: 'payments_dlq_processor', name: 'dlq-processor', timeout: 120 },
])('$name', ({ id, name, timeout }) => {
  const lambda = template.resource('aws_lambda_function', id);

  test('runs its bundle with its role', () => {
    expect(lambda).toMatchObject({
      function_name: `lambda-${name}-dev`,
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      memory_size: 256,
      timeout,
      tracing_config: { mode: 'Active' },
      role: `\${aws_iam_role.${id}_role.arn}`,
      filename: `\${data.archive_file.${id}_archive.output_path}`,
      source_code_hash: `\${data.archive_file.${id}_archive.output_base64sha256}`,
    });
  });

  test('has addresses in the private subnets, and the security group of the functions', () => {
    expect(lambda.vpc_config).toEqual({
      subnet_ids: [1, 2, 3].map((n) => `\${aws_subnet.payments_network_private_subnet_${n}.id}`),
      security_group_ids: ['${aws_security_group.payments_network_function_security_group.id}'],
    });
  });

  test('waits for its role, its permissions and its log group', () => {
    expect(lambda.depends_on).toEqual([
      `aws_iam_role.${id}_role`,
      `aws_iam_role_policy.${id}_policy`,
      `aws_cloudwatch_log_group.${id}_log_group`,
    ]);
  });

  test('has the log group that Lambda writes to, which is encrypted and forgets', () => {
    expect(template.resource('aws_cloudwatch_log_group', `${id}_log_group`)).toEqual({
      name: `/aws/lambda/${String(lambda.function_name)}`,
      retention_in_days: 1,
      kms_key_id: '${aws_kms_key.payments_encryption_dynamodb_key.arn}',
    });
  });

  test('has a role that Lambda alone may take, with one policy', () => {
    expect(template.resource('aws_iam_role', `${id}_role`)).toEqual({
      name: `iam-role-${name}-dev`,
      assume_role_policy: `\${data.aws_iam_policy_document.${id}_trust.json}`,
    });
    expect(statementsOf(template, `${id}_trust`)).toEqual([
      { actions: ['sts:AssumeRole'], principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }] },
    ]);
    expect(template.resource('aws_iam_role_policy', `${id}_policy`)).toEqual({
      name: `iam-policy-${name}-dev`,
      role: `\${aws_iam_role.${id}_role.id}`,
      policy: `\${data.aws_iam_policy_document.${id}_permissions.json}`,
      depends_on: [`aws_iam_role.${id}_role`],
    });
  });

  test('may write to its own log group alone', () => {
    expect(statementOf(template, `${id}_permissions`, 'WriteLogs')).toEqual({
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`\${aws_cloudwatch_log_group.${id}_log_group.arn}:*`],
    });
  });

  test('refuses its own code what Lambda needs to attach it to the network', () => {
    const allowed = statementOf(template, `${id}_permissions`, 'AttachToVpc');
    const denied = statementOf(template, `${id}_permissions`, 'DenyAttachingToCode');
    expect(denied).toMatchObject({ effect: 'Deny', actions: allowed.actions, resources: ['*'] });
    expect(denied.condition).toEqual([
      {
        test: 'ArnEquals',
        variable: 'lambda:SourceFunctionArn',
        values: [expect.stringMatching(`:function:lambda-${name}-dev$`)],
      },
    ]);
  });
});
