import { scanCommand } from '../../../tools/scan/main';
import { writeStack } from '../../../tools/terraform/stack-file';
import { fakeProgram, run } from '../../../tools/kit/command-run';

const FAILED_CHECK = {
  check_id: 'CKV_AWS_27',
  check_name: 'Ensure all data stored in the SQS queue is encrypted',
  resource: 'resource.q',
  file_line_range: [4, 5],
};
const ACCEPTED = { check: 'CKV_AWS_27', resource: 'aws_sqs_queue.q', reason: 'Encrypted by SQS itself.' };

function fakeCheckov(failed_checks: object[], { passed = 9, parsing_errors = 0 } = {}): void {
  const report = {
    results: { failed_checks },
    summary: { passed, failed: failed_checks.length, parsing_errors, checkov_version: '1.2.3' },
  };
  process.env.CHECKOV_BINARY = fakeProgram(`echo '${JSON.stringify(report)}'`);
}

function synthesize(outdir: string, queue: object = { name: 'q' }): string {
  writeStack(outdir, { resource: { aws_sqs_queue: { q: queue } } });
  return outdir;
}

afterEach(() => {
  delete process.env.CHECKOV_BINARY;
});

test('accepted findings are listed with their reasons, and pass', async () => {
  fakeCheckov([FAILED_CHECK]);

  const { code, stdout } = await run(scanCommand([ACCEPTED], synthesize), '--');

  expect(stdout).toMatch(/Accepted[^]*CKV_AWS_27 *│ aws_sqs_queue\.q *│ Encrypted by SQS itself\./);
  expect(stdout).toContain(
    'checkov 1.2.3, 10 checks on 1 resource: 1 finding accepted, 0 new, 0 accepted but found no more.',
  );
  expect(code).toBe(0);
});

test('a new finding fails, and the output says what to do', async () => {
  fakeCheckov([FAILED_CHECK]);

  const { code, stdout } = await run(scanCommand([], synthesize));

  expect(stdout).toMatch(/New[^]*CKV_AWS_27 *│ aws_sqs_queue\.q *│ Ensure all data stored/);
  expect(code).toBe(1);
});

test('an entry that is found no more fails', async () => {
  fakeCheckov([]);

  const { code, stdout } = await run(scanCommand([ACCEPTED], synthesize));

  expect(stdout).toMatch(/found no more[^]*CKV_AWS_27 *│ aws_sqs_queue\.q/);
  expect(code).toBe(1);
});

describe('nothing is judged', () => {
  test.each([
    ['when checkov cannot parse the stack', { parsing_errors: 1 }, /cannot parse/],
    ['when checkov saw nothing', { passed: 0 }, /nothing in the stack/],
  ])('%s', async (_what, summary, sentence) => {
    fakeCheckov([], summary);

    const { code, stdout, stderr } = await run(scanCommand([], synthesize));

    expect(stderr).toMatch(sentence);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('when checkov would not look into a policy', async () => {
    fakeCheckov([]);

    const { code, stderr } = await run(
      scanCommand([], (outdir) => synthesize(outdir, { policy: '{"Statement": []}' })),
    );

    expect(stderr).toMatch(/aws_sqs_queue.*aws_iam_policy_document/);
    expect(code).toBe(2);
  });

  test('when checkov fails', async () => {
    process.env.CHECKOV_BINARY = fakeProgram('echo Traceback >&2; exit 2');

    const { code, stderr } = await run(scanCommand([], synthesize));

    expect(stderr).toMatch(/exit code 2:\nTraceback/);
    expect(code).toBe(2);
  });

  test('when checkov is missing, and how to install it', async () => {
    process.env.CHECKOV_BINARY = '/no/such/checkov';

    const { code, stderr } = await run(scanCommand([], synthesize));

    expect(stderr).toMatch(/\/no\/such\/checkov[^]*pip install -r tools\/scan\/requirements\.txt/);
    expect(code).toBe(2);
  });
});
