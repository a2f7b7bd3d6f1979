import {
  approvalOf,
  compareWithApproved,
  compareWithReviewed,
  renderComparison,
} from '../../../tools/plan-review/comparison';
import { A_QUEUE, digest, summary } from '../../../tools/plan-review/fixtures/plans';

const OTHER = summary({ changes: [{ ...A_QUEUE, after: { name: '123456789012' } }] });
const NOTHING = summary({ changes: [] });

test('a plan that does what was reviewed is the same', () => {
  expect(compareWithReviewed(summary(), summary())).toEqual({
    verdict: 'same',
    sentence: `The plan does what was reviewed as ${digest()}.`,
    differences: [],
  });
});

test('a plan that does something else differs, and the difference is shown, masked', () => {
  const comparison = compareWithReviewed(summary(), OTHER);

  expect(comparison).toEqual({
    verdict: 'differs',
    sentence: 'The plan does not do what was reviewed: 1 difference.',
    differences: ['aws_sqs_queue.q, after.name: "payments" when reviewed, "(account)" now'],
  });
  expect(renderComparison(comparison, { summary: OTHER, text: '+ q' }, { commit: 'c2', url: 'u' })).toMatch(
    /^The plan does not [^]*\n- `` aws_sqs_queue\.q, [^]*### Plan for c2: 1 to create[^]*\+ q/,
  );
});

test('a plan that nobody reviewed differs', () => {
  expect(compareWithReviewed({ reason: 'it came from a fork' }, summary())).toMatchObject({
    verdict: 'differs',
    sentence: 'The plan was not reviewed: it came from a fork.',
  });
});

test('a plan that changes nothing is applied already, reviewed or not', () => {
  for (const reviewed of [summary(), { reason: 'it came from a fork' }])
    expect(compareWithReviewed(reviewed, NOTHING).verdict).toBe('nothing');
});

test('an approval covers one plan of one commit', () => {
  const approved = approvalOf('c1', summary());

  expect(compareWithApproved(approved, summary(), 'c1').verdict).toBe('same');
  expect(compareWithApproved(approved, summary(), 'c2').verdict).toBe('differs');
  expect(compareWithApproved(approved, OTHER, 'c1').verdict).toBe('differs');
});
