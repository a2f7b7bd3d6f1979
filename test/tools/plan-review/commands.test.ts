import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planReview } from '../../../tools/plan-review/main';
import { approvalOf } from '../../../tools/plan-review/comparison';
import { checksumOf, type KeptPlan } from '../../../tools/plan-review/reviewed-plan';
import { newDirectory } from '../../../tools/kit/new-directory';
import { fakeProgram, run as runProgram } from '../../../tools/kit/command-run';
import { FakeGitHub, REPOSITORY } from '../../../tools/plan-review/fixtures/fake-github';
import { A_QUEUE, digest, planJson, summary, type PlanSaid } from '../../../tools/plan-review/fixtures/plans';

const OTHER: PlanSaid = { changes: [{ ...A_QUEUE, after: { name: '123456789012' } }] };

const environment = { ...process.env };
let directory: string;

/** Removes a workflow's variables, and installs a Terraform that shows this plan. */
beforeEach(() => {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GITHUB_'));
  process.env = Object.fromEntries(own);
  directory = newDirectory();
  process.env.INIT_CWD = directory;
  for (const name of ['my', 'production', 'dev']) writeFileSync(join(directory, `${name}.tfplan`), 'plan');
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
  expect(stderr).toMatch(/\n {2}vet <directory> +Put a stack[^]*\n {2}drift \[options\] <plans\.\.\.> /);
});

test.each([
  [['nonsense'], /Unknown command 'nonsense'/],
  [['vet'], /Missing required argument 'directory'/],
  [['vet', 'a', 'b'], /Unexpected argument 'b'/],
  [['show', 'my.tfplan'], /Required option '--commit <sha>' not specified/],
  [['show', '--commit', '', 'my.tfplan'], /'--commit <sha>' argument '' is invalid\. It must not be empty/],
  [['show', '--commit', 'c'], /Missing required argument 'plans'/],
  [['report', '--commit', 'c'], /Required option '--environment <name>' not specified/],
  [['compare', '--commit', 'c', 'my.tfplan'], /GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN have to be set/],
])('%p is refused in one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await run(...args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a plan is shown on a laptop, with its digest and without an assessment', async () => {
  const { code, stdout } = await run('show', '--commit', 'HEAD', 'my.tfplan');

  expect([code, stdout]).toEqual([0, expect.stringContaining(`Digest of what it does: \`${digest()}\``)]);
  expect(stdout).not.toContain('Compared with main');
});

const PULL = {
  number: 7,
  state: 'open',
  merged_at: null,
  merge_commit_sha: null,
  user: { login: 'eve' },
  base: { ref: 'main' },
  head: { sha: 'abcdef0123', repo: { full_name: REPOSITORY } },
};

describe('on GitHub', () => {
  let github: FakeGitHub;

  beforeEach(async () => {
    github = new FakeGitHub();
    Object.assign(process.env, await github.start(), { GITHUB_STEP_SUMMARY: join(directory, 'summary') });
    github.pulls = [
      { ...PULL },
      { ...PULL, number: 8, base: { ref: 'evil' } },
      { ...PULL, number: 9, state: 'closed' },
    ];
  });

  afterEach(() => github.close());

  test('a plan is shown in the summary, in the comment of its open pull request for main, and as its check; it is kept with the checksum of the comment', async () => {
    const shown = await run(
      'show',
      '--on-github',
      '--keep',
      'plan.json',
      '--commit',
      'abcdef0123',
      'production.tfplan',
    );

    expect(shown).toMatchObject({ code: 0, stdout: '' });
    expect(github.comments).toMatchObject([
      { number: 7, body: expect.stringMatching(/^<!-- plan [^]*### Plan for abcdef0: 1 to create[^]*of \(email\)/) },
    ]);
    expect(github.statuses).toMatchObject({ abcdef0123: [{ context: 'plan', state: 'success' }] });
    expect(readFileSync(join(directory, 'summary'), 'utf8')).toContain('1 to create');
    expect(JSON.parse(readFileSync(join(directory, 'plan.json'), 'utf8'))).toEqual({
      commit: 'abcdef0123',
      comment: checksumOf(github.comments[0]!.body),
      plans: { production: JSON.parse(JSON.stringify(summary())) },
    });
  });

  test.each([
    ['there is no plan', 'none'],
    ['Terraform saved half a plan', 'my'],
  ])('why is shown when %s, and the check fails', async (_what, name) => {
    shows({ more: { errored: true } });
    writeFileSync(join(directory, `${name}.log`), 'Error: Error acquiring the state lock\nWait for it.\n');
    await run('show', '--on-github', '--keep', 'kept.json', '--commit', 'abcdef0123', `${name}.tfplan`);

    expect(github.comments[0]!.body).toMatch(/No plan for abcdef0: it failed[^]*the state lock\nWait for it\./);
    expect(github.statuses).toMatchObject({ abcdef0123: [{ state: 'failure' }] });
    expect(existsSync(join(directory, 'kept.json'))).toBe(false);
  });

  test('the plans of several environments are in one comment, and kept by environment', async () => {
    await run(
      'show',
      '--on-github',
      '--keep',
      'kept.json',
      '--commit',
      'abcdef0123',
      'dev.tfplan',
      'production.tfplan',
    );

    expect(github.comments.map(({ body }) => body.match(/### .*/g))).toEqual([
      ['### Plan for abcdef0 in dev: 1 to create', '### Plan for abcdef0 in production: 1 to create'],
    ]);
    expect(Object.keys((JSON.parse(readFileSync(join(directory, 'kept.json'), 'utf8')) as KeptPlan).plans)).toEqual([
      'dev',
      'production',
    ]);
  });

  test('without one of several plans, none is kept, and the check fails', async () => {
    await run(
      'show',
      '--on-github',
      '--keep',
      'kept.json',
      '--commit',
      'abcdef0123',
      'none.tfplan',
      'production.tfplan',
    );

    expect(github.comments[0]!.body).toMatch(
      /No plan for abcdef0 in none: it failed[^]*Plan for abcdef0 in production/,
    );
    expect(github.comments[0]!.body).not.toContain('An approval of this commit');
    expect(github.statuses).toMatchObject({ abcdef0123: [{ state: 'failure' }] });
    expect(existsSync(join(directory, 'kept.json'))).toBe(false);
  });

  test('why Terraform cannot show a plan is shown, and the check fails', async () => {
    process.env.TERRAFORM_BINARY = fakeProgram("echo 'Error: no provider for 123456789012' >&2; exit 1");
    await run('show', '--on-github', '--commit', 'abcdef0123', 'my.tfplan');

    expect(github.comments[0]!.body).toMatch(/No plan for abcdef0: it failed[^]*no provider for \(account\)/);
    expect(github.statuses).toMatchObject({ abcdef0123: [{ state: 'failure' }] });
  });

  test('what the job before has assessed is part of the comment, and of its checksum', async () => {
    process.env.ASSESSMENT = JSON.stringify(['Costs 2.00 USD a month fixed (+1.00)']);
    await run('show', '--on-github', '--keep', 'kept.json', '--commit', 'abcdef0123', 'production.tfplan');

    const { body } = github.comments[0]!;
    expect(body).toMatch(
      /### Plan[^]*```\nCosts 2\.00 USD a month fixed \(\+1\.00\)\n```\n[^]*An approval of this commit/,
    );
    expect((JSON.parse(readFileSync(join(directory, 'kept.json'), 'utf8')) as KeptPlan).comment).toBe(checksumOf(body));
  });

  test('a public repository is warned', async () => {
    process.env.REPOSITORY_VISIBILITY = 'public';
    await run('show', '--on-github', '--commit', 'abcdef0123', 'my.tfplan');

    expect(github.comments[0]!.body).toMatch(/This repository is public: everybody can read this plan/);
  });

  const compare = (...options: string[]) => run('compare', '--commit', 'c2', ...options, 'production.tfplan');

  test.each([
    ['none.tfplan', /^There is no plan none\.tfplan: make one with/],
    ['my.tfplan', /^Terraform cannot show my\.tfplan: Error: Failed to read plan\nMake a new one/],
  ])(
    'a plan that is not there, or that Terraform cannot show, is compared with nothing: %s',
    async (file, sentence) => {
      process.env.TERRAFORM_BINARY = fakeProgram("echo 'Error: Failed to read plan' >&2; exit 1");

      expect(await run('compare', '--commit', 'c2', file)).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(sentence),
      });
    },
  );

  test('a plan that nobody reviewed waits for an approval, whose name covers the commit and the plan', async () => {
    const { code, stdout, stderr } = await compare();

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'The plan was not reviewed: commit c2 came without a pull request.\nIt is applied when a reviewer of production-review approves it, and is not when one rejects it.\n',
    });
    expect(stdout).toBe(
      `verdict=waits\nsentence=${stderr.trim().replace('\n', ' ')}\ncommit=c2\napproval=${approvalOf('c2', summary())}\n`,
    );
  });

  test('a plan that nobody can approve is refused, and says what to do', async () => {
    github.environments = [];

    expect(await compare()).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^verdict=differs\n/),
      stderr: expect.stringMatching(/Not applied\. [^]*Open a pull request, which may be an empty commit/),
    });
    expect(await compare('--destroy')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no pull request shows a destroy[^]*destroy the stack from your machine/),
    });
  });

  test('the approved plan of the approved commit is applied, and no other', async () => {
    expect((await compare('--approved', approvalOf('c2', summary()))).stdout).toMatch(/^verdict=same\n/);
    for (const approved of [approvalOf('c1', summary()), approvalOf('c2', summary(OTHER))])
      expect(await compare('--approved', approved)).toMatchObject({
        code: 2,
        stdout: expect.stringMatching(/^verdict=differs\n/),
        stderr: expect.stringMatching(/changed since the approval was asked for[^]*run the workflow again/),
      });
  });

  test('another commit than the one that the environment before has is refused, whatever it does', async () => {
    expect(await compare('--promoted', 'c1')).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^verdict=differs\n/),
      stderr: expect.stringMatching(/Main has moved on to c2 since c1 was applied to the environment before/),
    });
    expect(await run('compare', '--commit', 'c2', '--promoted', 'c2', 'dev.tfplan')).toMatchObject({
      stderr: expect.stringMatching(/came without a pull request[^]*dev-review has no required reviewers/),
    });
  });

  test('a plan that changes nothing needs no approval', async () => {
    shows({ changes: [] });

    expect((await compare()).stdout).toMatch(/^verdict=nothing\nsentence=AWS is as main says\.\n/);
  });

  test('drift opens the issue, which names the missing roles', async () => {
    Object.assign(process.env, { AWS_PLAN_ROLE_ARN: '', DEV_AWS_APPLY_ROLE_ARN: '', AWS_APPLY_ROLE_ARN: 'arn' });
    const { code } = await run('drift', '--commit', 'c1', 'my.tfplan');

    expect([code, github.issues.map(({ title }) => title)]).toEqual([0, ['AWS is not as main says']]);
    expect(github.issues[0]!.body).toMatch(
      /`AWS_PLAN_ROLE_ARN` is empty[^]*`DEV_AWS_APPLY_ROLE_ARN` is empty[^]*1 to create/,
    );
    expect(github.issues[0]!.body).not.toContain('`AWS_APPLY_ROLE_ARN`');
  });
});
