import { ScannedStack } from '../../../tools/scan/scanned-stack';

function scanned(stack: object) {
  const text = JSON.stringify(stack, null, 2);
  const lineOf = (part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1;
  return { stack: new ScannedStack(text), lineOf };
}

test('what begins in a line has its address; two blocks may have one name', () => {
  const { stack, lineOf } = scanned({
    '//': { metadata: { path: {} } },
    data: { aws_region: { current: { '//': {} } }, aws_caller_identity: { current: { provider: {}, last: {} } } },
    provider: { aws: [{ assume_role: { role_arn: {} } }] },
    resource: { aws_sqs_queue: { payments: { tags: { deep: {} } } } },
    variable: { x: { y: { z: 1 } } },
  });

  expect(stack.addressAt(lineOf('"aws_region"') + 1)).toBe('data.aws_region.current');
  expect(stack.addressAt(lineOf('"aws_caller_identity"') + 1)).toBe('data.aws_caller_identity.current');
  expect(stack.addressAt(lineOf('"payments"'))).toBe('aws_sqs_queue.payments');
  for (const part of ['"aws_region"', '"tags"', '"deep"', '"assume_role"', '"x"', '"y"', '"z"', '"path"']) {
    expect(stack.addressAt(lineOf(part))).toBeUndefined();
  }
});

test('resources are counted, data sources are not', () => {
  const { stack } = scanned({
    resource: { aws_sqs_queue: { a: {}, b: {} }, aws_sns_topic: { c: {} } },
    data: { aws_region: { d: {} } },
  });

  expect(stack.resources).toBe(3);
});

test('a policy that is written as text is reported; a document is read', () => {
  const { stack } = scanned({
    resource: {
      aws_sqs_queue: {
        a: {
          policy: '${data.aws_iam_policy_document.d.json}',
          redrive_policy: '${jsonencode({"maxReceiveCount" = 3})}',
        },
      },
      aws_sns_topic: { a: {}, b: { policy: '${jsonencode({"Version" = "2012-10-17", "Statement" = []})}' } },
      aws_kms_key: { a: { description: 'Statement of account' } },
      aws_iam_role: { a: { inline_policy: [{ policy: '{"Statement":[]}' }] } },
    },
    data: { aws_iam_policy_document: { d: { statement: [{ actions: ['*'] }] } } },
  });

  expect(stack.unreadPolicies()).toEqual(['aws_sns_topic', 'aws_iam_role']);
});
