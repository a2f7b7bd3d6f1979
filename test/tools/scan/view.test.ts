import { renderJudgement } from '../../../tools/scan/view';

const SCANNED = { version: '3.3.30', checks: 320, resources: 1 };
const SHORT = { check: 'CKV_AWS_27', name: 'Encrypt.', resource: 'aws_sqs_queue.q' };
const LONG = {
  check: 'CKV2_AWS_62',
  name: 'Notify. '.repeat(20),
  resource: 'data.aws_iam_policy_document.payments_encryption_dynamodb_key_policy',
};

test('one table for each kind; addresses are whole in all of them', () => {
  const judgement = {
    accepted: [{ finding: SHORT, reason: 'Encrypted by SQS.' }],
    fresh: [LONG],
    stale: [{ check: 'CKV_AWS_144', resource: /aws_s3_bucket\.\w+/, reason: 'One region.' }],
  };

  const text = renderJudgement(judgement, SCANNED, false);

  expect(text).toMatch(/^Accepted\n[^]*aws_sqs_queue\.q *│ Encrypted by SQS\.[^]*\nNew: /);
  expect(text).toContain(LONG.resource);
  expect(text).toMatch(/found no more: [^]*\/aws_s3_bucket\\\.\\w\+\/ *│ One region\./);
  expect(text).toContain(
    'checkov 3.3.30, 320 checks on 1 resource: 1 finding accepted, 1 new, 1 accepted but found no more.\n',
  );
});

test('nothing found is one line', () => {
  expect(renderJudgement({ accepted: [], fresh: [], stale: [] }, SCANNED, false).trim().split('\n')).toHaveLength(1);
});
