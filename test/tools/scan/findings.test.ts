import { parseReport } from '../../../tools/scan/findings';

const SUMMARY = { passed: 3, failed: 4, skipped: 0, parsing_errors: 0, resource_count: 0, checkov_version: '3.3.30' };

const ADDRESSES: Record<number, string> = {
  3: 'aws_sqs_queue.a',
  9: 'aws_sqs_queue.b',
  20: 'data.aws_iam_policy_document.b',
};
const addressAt = (line: number) => ADDRESSES[line];

function failed(check_id: string, resource: string, line: number) {
  return { check_id, check_name: `Asks for ${check_id}`, resource, file_line_range: [line, line + 5], guideline: null };
}

test('failed checks become findings with the address of what they are about, sorted, each once', () => {
  const failed_checks = [
    failed('CKV_AWS_27', 'resource.b', 9),
    failed('CKV_AWS_111', 'data.b', 20),
    failed('CKV_AWS_27', 'aws_sqs_queue.a', 3),
    failed('CKV_AWS_41', 'provider.aws', 30),
    failed('CKV_AWS_27', 'resource.b', 9),
  ];

  const report = parseReport(
    JSON.stringify({ check_type: 'terraform', results: { failed_checks }, summary: SUMMARY }),
    addressAt,
  );

  expect(report).toEqual({
    findings: [
      { check: 'CKV_AWS_111', name: 'Asks for CKV_AWS_111', resource: 'data.aws_iam_policy_document.b' },
      { check: 'CKV_AWS_27', name: 'Asks for CKV_AWS_27', resource: 'aws_sqs_queue.a' },
      { check: 'CKV_AWS_27', name: 'Asks for CKV_AWS_27', resource: 'aws_sqs_queue.b' },
      { check: 'CKV_AWS_41', name: 'Asks for CKV_AWS_41', resource: 'provider.aws' },
    ],
    checks: 7,
    version: '3.3.30',
  });
});

test.each([
  ['could not be parsed', { parsing_errors: 1 }, 'cannot parse'],
  ['has nothing to check', { passed: 0, failed: 0 }, 'saw nothing'],
])('a stack that %s is not one without findings', (_what, counts, sentence) => {
  const summary = { ...SUMMARY, ...counts };

  for (const answer of [{ results: { failed_checks: [] }, summary }, summary]) {
    expect(() => parseReport(JSON.stringify(answer), addressAt)).toThrow(sentence);
  }
});

test.each(['', 'Traceback', '[]', '{"results": {}}'])('no report: %p', (text) => {
  expect(() => parseReport(text, addressAt)).toThrow(/^checkov/);
});
