import { judge } from '../../../tools/scan/judgement';

const BUCKET = { check: 'CKV_AWS_144', name: 'Replicate', resource: 'aws_s3_bucket.audit' };
const QUEUE = { check: 'CKV_AWS_27', name: 'Encrypt', resource: 'aws_sqs_queue.payments' };
const DEAD_LETTERS = { check: 'CKV_AWS_27', name: 'Encrypt', resource: 'aws_sqs_queue.payments_dead_letters' };

test('a finding is accepted by its check and resource, with the reason', () => {
  const judgement = judge([BUCKET], [{ check: 'CKV_AWS_144', resource: 'aws_s3_bucket.audit', reason: 'One region.' }]);

  expect(judgement).toEqual({ accepted: [{ finding: BUCKET, reason: 'One region.' }], fresh: [], stale: [] });
});

test('a finding that is not accepted is new', () => {
  const otherCheck = { check: 'CKV_AWS_27', resource: BUCKET.resource, reason: 'x' };
  const otherResource = { check: BUCKET.check, resource: 'aws_s3_bucket.other', reason: 'x' };

  expect(judge([BUCKET], [])).toEqual({ accepted: [], fresh: [BUCKET], stale: [] });
  expect(judge([BUCKET], [otherCheck, otherResource])).toEqual({
    accepted: [],
    fresh: [BUCKET],
    stale: [otherCheck, otherResource],
  });
});

test('a pattern accepts several findings, but has to match the whole address', () => {
  const every = { check: 'CKV_AWS_27', resource: /aws_sqs_queue\.\w+/g, reason: 'x' };
  const beginning = { check: 'CKV_AWS_27', resource: /aws_sqs_queue\.payments/, reason: 'y' };

  expect(judge([QUEUE, DEAD_LETTERS], [every]).accepted).toHaveLength(2);
  expect(judge([QUEUE, DEAD_LETTERS], [beginning])).toEqual({
    accepted: [{ finding: QUEUE, reason: 'y' }],
    fresh: [DEAD_LETTERS],
    stale: [],
  });
});

test('an entry is stale when no finding needs it: found no more, or accepted by an earlier entry', () => {
  const needed = { check: 'CKV_AWS_27', resource: QUEUE.resource, reason: 'x' };
  const gone = { check: 'CKV_AWS_27', resource: 'aws_sqs_queue.gone', reason: 'x' };
  const again = { check: 'CKV_AWS_27', resource: /.*payments/, reason: 'x' };

  expect(judge([QUEUE], [needed, gone, again])).toMatchObject({ fresh: [], stale: [gone, again] });
});
