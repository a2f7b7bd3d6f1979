import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planReview } from '../../../tools/plan-review/main';
import { packPlan } from '../../../tools/plan-review/plan-artifact';
import { newDirectory } from '../../../tools/kit/new-directory';
import { fakeProgram, run as runProgram } from '../../../tools/kit/command-run';
import { FakeGitHub } from '../../../tools/plan-review/fixtures/fake-github';
import { A_QUEUE, digest, summary, planJson, type PlanSaid } from '../../../tools/plan-review/fixtures/plans';

const OTHER: PlanSaid = { changes: [{ ...A_QUEUE, after: { name: '123456789012' } }] };

const environment = { ...process.env };
let directory: string;

/** Removes a workflow's variables, and installs a Terraform that shows this plan. */
beforeEach(() => {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GITHUB_'));
  process.env = Object.fromEntries(own);
  directory = newDirectory();
  process.env.INIT_CWD = directory;
  writeFileSync(join(directory, 'my.tfplan'), 'plan');
  shows({});
});

afterEach(() => {
  process.env = { ...environment };
});

function shows(said: PlanSaid): void {
  writeFileSync(join(directory, 'plan.json'), planJson(said));
  process.env.TERRAFORM_BINARY = fakeProgram(
    `if [ "$2" = -json ]; then cat ${directory}/plan.json; else echo 'name = "payments" of oncall@example.com'; fi`,
  );
}

const run = (...args: string[]) => runProgram(planReview, ...args);

test('without a command the help says which there are', async () => {
  const { code, stdout, stderr } = await run();

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/\n {2}digest <plan> +Print the digest[^]*\n {2}unpack \[options\] <directory> /);
});

test.each([
  [['nonsense'], /Unknown command 'nonsense'/],
  [['digest'], /Missing required argument 'plan'/],
  [['digest', 'a', 'b'], /Unexpected argument 'b'/],
  [['digest', 'none.tfplan'], /There is no plan none\.tfplan: make one with/],
  [['digest', 'none.json'], /There is no plan none\.json/],
  [['comment', 'my.tfplan'], /Required option '--commit <sha>' not specified/],
  [['comment', '--commit', '', 'my.tfplan'], /'--commit <sha>' argument '' is invalid\. It must not be empty/],
  [['comment', '--commit', 'c'], /Give either a plan, or --failed LOG/],
  [['compare', '--commit', 'c', '--tree', 't', '--not-reviewed=', 'my.tfplan'], /--reviewed has no value/],
  [['compare', '--commit', 'c', '--tree', 't', '--reviewed', 'nowhere', 'my.tfplan'], /There is no plan in .*nowhere/],
  [['approval'], /Required option '--environment <name>' not specified/],
  [['find', '--merged', 'c'], /GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN have to be set/],
])('%p is refused in one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await run(...args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test.each(['my.tfplan', 'plan.json'])('the digest of %s', async (file) => {
  expect(await run('digest', '--', file)).toEqual({ code: 0, stdout: `${digest()}\n`, stderr: '' });
});

test('a plan that Terraform cannot show is no plan', async () => {
  process.env.TERRAFORM_BINARY = fakeProgram("echo 'Error: Failed to read plan' >&2; exit 1");

  expect(await run('digest', 'my.tfplan')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^Terraform cannot show my\.tfplan: Error: Failed to read plan\nMake a new one/),
  });
});

test('a plan is shown in the summary, and in the comment of its pull request, with a word on what comes next', async () => {
  const github = new FakeGitHub();
  Object.assign(process.env, await github.start(), { GITHUB_STEP_SUMMARY: join(directory, 'summary') });

  const { code, stdout } = await run('comment', '--commit', 'abcdef0123', '--pull', '7', 'my.tfplan');
  await github.close();

  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(github.comments).toMatchObject([
    {
      number: 7,
      body: expect.stringMatching(
        /^<!-- plan [^]*### Plan for abcdef0: 1 to create[^]*of \(email\)[^]*planned again\. [^]*waits for an approval\.\n$/,
      ),
    },
  ]);
  expect(readFileSync(join(directory, 'summary'), 'utf8')).toContain('1 to create');
});

test('why there is no plan is shown, too', async () => {
  writeFileSync(
    join(directory, 'plan.log'),
    'Error: Error acquiring the state lock\nAnother run is at work on this state: wait for it.\n',
  );

  expect((await run('comment', '--commit', 'abcdef0123', '--failed', 'plan.log')).stdout).toMatch(
    /No plan for abcdef0: it failed[^]*Another run is at work on this state: wait for it\./,
  );
});

describe('compared with the reviewed plan', () => {
  const compare = (...options: string[]) => run('compare', '--commit', 'c2', '--tree', 't1', ...options, 'my.tfplan');

  beforeEach(() => {
    packPlan(join(directory, 'reviewed'), {
      commit: 'c1',
      tree: 't1',
      summary: summary(),
      planFile: join(directory, 'my.tfplan'),
      stack: newDirectory(),
    });
  });

  test('a plan that does the same is equal', async () => {
    const { code, stdout, stderr } = await compare('--reviewed', 'reviewed', '--not-reviewed=');

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `The plan does what was reviewed as ${digest()}, from the same files.\n`,
    });
    expect(stdout).toMatch(/\nequal=true\n$/);
  });

  test('a plan that does something else is not, and the difference is shown, masked', async () => {
    shows(OTHER);
    const { code, stdout, stderr } = await compare('--reviewed', 'reviewed', '--not-reviewed=');

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'Not applied, as the plan does not do what was reviewed: 1 difference, from the same files.\n  aws_sqs_queue.q, after.name: "payments" when reviewed, "(account)" now\n',
    });
    expect(stdout).toMatch(
      /^Not applied[^]*- `` aws_sqs_queue\.q, [^]*`production-review` is approved\.[^]*\nequal=false\n$/,
    );
  });

  test('an unreviewed plan is never applied', async () => {
    const { code, stdout, stderr } = await compare(
      '--reviewed',
      'reviewed',
      '--not-reviewed',
      'Pull request #7 came from a fork.',
    );

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'Not applied, as there is no reviewed plan to compare with: Pull request #7 came from a fork.\n',
    });
    expect(stdout).toMatch(/\nequal=false\n$/);
  });

  test('a reviewed plan that was tampered with is no measure', async () => {
    writeFileSync(join(directory, 'reviewed', 'meaning.json'), JSON.stringify(summary(OTHER)));

    expect(await compare('--reviewed', 'reviewed')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^The artifact was changed after it was made \(meaning\.json\)/),
    });
  });
});

test('drift opens the issue', async () => {
  const github = new FakeGitHub();
  Object.assign(process.env, await github.start());
  const { code } = await run('drift', '--commit', 'c1', 'my.tfplan');
  await github.close();

  expect([code, github.issues.map(({ title }) => title)]).toEqual([0, ['AWS is not as main says']]);
});

test('outputs for the next steps are one line each', async () => {
  const github = new FakeGitHub();
  Object.assign(process.env, await github.start());
  const { code, stdout } = await run('find', '--merged', 'c1');
  await github.close();

  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'reason=Commit c1 came without a pull request, so nobody has reviewed its plan.\n',
  });
});
