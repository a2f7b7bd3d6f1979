import { parseDiagnostics, renderDiagnostics } from '../../../tools/terraform/diagnostics';

const DEPRECATED = {
  severity: 'warning',
  summary: 'Argument is deprecated',
  detail: 'Use aws_s3_bucket_acl instead.',
  address: 'aws_s3_bucket.b',
  range: { filename: 'cdk.tf.json' },
  snippet: { context: 'resource.aws_s3_bucket.b', code: '        "acl": "private",\n      more' },
};
const UNKNOWN = {
  severity: 'error',
  summary: 'Extraneous JSON object property',
  detail: 'No argument is named "fifo_queu".',
  snippet: { context: 'resource.aws_sqs_queue.q', code: '"fifo_queu": true' },
};

function answer(...diagnostics: unknown[]): string {
  return JSON.stringify({ format_version: '1.0', valid: false, diagnostics });
}

test('each diagnostic has an address, also where Terraform gives only a context, or nothing', () => {
  const diagnostics = parseDiagnostics(
    answer(DEPRECATED, UNKNOWN, { severity: 'error', summary: 'No.', snippet: null }),
  );

  expect(diagnostics.map(({ address }) => address)).toEqual(['aws_s3_bucket.b', 'aws_sqs_queue.q', 'the stack']);
  expect(diagnostics[0]).toMatchObject({
    severity: 'warning',
    summary: 'Argument is deprecated',
    code: '"acl": "private",',
  });
});

test('errors come first, with address, summary, detail and code', () => {
  const text = renderDiagnostics(parseDiagnostics(answer(DEPRECATED, UNKNOWN)), false);

  expect(text).toBe(`error    aws_sqs_queue.q
         Extraneous JSON object property
         No argument is named "fifo_queu".
         "fifo_queu": true

warning  aws_s3_bucket.b
         Argument is deprecated
         Use aws_s3_bucket_acl instead.
         "acl": "private",

1 error, 1 warning. Warnings fail, too: what is deprecated now is gone in a later provider.
`);
});

test('a valid stack', () => {
  expect(renderDiagnostics(parseDiagnostics(answer()), false)).toBe('The stack is valid: no errors, no warnings.\n');
});

test.each(['', 'Killed', '{"diagnostics": 3}', '[]'])('no answer of Terraform: %p', (text) => {
  expect(() => parseDiagnostics(text)).toThrow("Terraform's answer is no list of diagnostics");
});

test('what a diagnostic quotes is escaped', () => {
  const text = renderDiagnostics(
    parseDiagnostics(
      answer({ severity: 'error', summary: 'Bad \u001b[2J', detail: 'one\r\ntwo \u202e', address: 'aws\u009b' }),
    ),
    false,
  );
  expect(text).toContain('error    aws\\x9b\n         Bad \\x1b[2J\n         one\\r\n         two \\u202e\n');
});
