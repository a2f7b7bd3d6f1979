import { fileOf, OpsBench, outputsOf, runOps } from '../../tools/kit/ops/ops-bench';

describe('bad usage is one clear sentence, exit 2, and no call', () => {
  const two = { ...outputsOf(), payouts_payment_table_name: { value: 'payouts' } };
  test.each<[what: string, args: string[], sentence: RegExp]>([
    ['an unknown command', ['undo'], /^Unknown command 'undo'\. Try --help\.\n$/],
    ['an unknown option', ['payment', 'tx-1', '--colour'], /^Unknown option '--colour'\. An id that begins with "-"/],
    ['no id', ['payment'], /^Missing required argument 'id'/],
    ['no reason to discard', ['discard'], /^Required option '--reason <text>' not specified/],
    ['an unknown cause', ['failed', '--cause', 'RAIN'], /Allowed choices are INVALID_JSON, /],
    ['a limit of none', ['failed', '--limit', '0'], /'--limit <n>'.*whole number from 1 to 100000/],
    ['outputs and names', ['payment', 'tx-1', '--outputs', 'x.json', '--environment', 'dev'], /cannot be used with/],
    [
      'outputs that are not there',
      ['payment', 'tx-1', '--outputs', '/none.json'],
      /\/none\.json cannot be read \(ENOENT\)/,
    ],
    [
      'outputs that are no JSON',
      ['payment', 'tx-1', '--outputs', fileOf('a = "b"')],
      /is not what "terraform output -json" writes/,
    ],
    ['outputs of something else', ['payment', 'tx-1', '--outputs', fileOf({})], /has no output of a pipeline/],
    [
      'outputs of two pipelines',
      ['payment', 'tx-1', '--outputs', fileOf(two)],
      /2 pipelines: say --pipeline payments or --pipeline payouts/,
    ],
    [
      'a pipeline that is not there',
      ['payment', 'tx-1', '--outputs', fileOf(two), '--pipeline', 'x'],
      /no output x_payment_queue_arn: it has those of payments, payouts/,
    ],
    ['a pipeline of no outputs', ['payment', 'tx-1', '--pipeline', 'x'], /give --outputs FILE too/],
  ])('%s', async (_what, args, sentence) => {
    const { code, stdout, stderr } = await runOps(args);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

test.each(['redrive', 'discard'])('the help of %s says when a script finds that something is left', async (command) => {
  expect((await runOps([command, '--help'])).stdout).toContain(
    'Exit code 1 also says that something asked for is left',
  );
});

test('the help has examples and says what the exit codes mean', async () => {
  for (const args of [
    ['--help'],
    ['--', '--help'],
    ['payment', '--help'],
    ['failed', '--help'],
    ['redrive', '--help'],
  ]) {
    const { code, stdout, stderr } = await runOps(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Examples:\n {2}npx projen ops (status|payment tx-1|failed|redrive)/);
    expect(stdout).toMatch(/Exit codes:\n {2}0 +done\n {2}1 +the answer is no/);
  }
});

describe('where no call is possible, one sentence says why', () => {
  const before = { ...process.env };
  let bench: OpsBench;
  beforeAll(async () => {
    bench = await OpsBench.start();
  });
  afterAll(() => bench.close());
  beforeEach(() => {
    process.env = { ...before, ...bench.pipeline.aws.environment };
  });
  afterAll(() => {
    process.env = before;
  });

  test('names of no deployment', async () => {
    const { code, stderr } = await runOps(['payment', 'tx-1', '--environment', 'prod']);
    expect(stderr).toBe(
      "There is no payment table payment-status-prod in ap-southeast-1: check AWS_REGION, the credentials' account, --environment (prod) and --queue-name (payment-processing).\n",
    );
    expect(code).toBe(2);
  });

  test('outputs of another deployment', async () => {
    const outputs = fileOf(outputsOf({ payments_payment_table_name: 'gone' }));
    expect((await runOps(['payment', 'tx-1', '--outputs', outputs])).stderr).toMatch(
      /^There is no payment table gone in ap-southeast-1: check that .*outputs\.json/,
    );
  });

  test('no credentials', async () => {
    const others = Object.entries(process.env).filter(([name]) => !/^AWS_(?!ENDPOINT)/.test(name));
    process.env = Object.fromEntries([
      ...others,
      ...Object.entries({
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_SHARED_CREDENTIALS_FILE: '/none',
        AWS_CONFIG_FILE: '/none',
      }),
    ]);
    const { code, stderr } = await bench.run('payment', 'tx-1');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^No AWS credentials were found: set AWS_PROFILE/) as string,
    });
  });

  test('no region', async () => {
    delete process.env.AWS_REGION;
    Object.assign(process.env, { AWS_CONFIG_FILE: '/none' });
    expect(await runOps(['payment', 'tx-1'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^No AWS region is set: set AWS_REGION/) as string,
    });
  });
});
