import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { environmentsOf, PRODUCTION } from '../../projenrc/workflows/environments';
import { reviewEnvironmentOf } from '../../tools/plan-review/apply-commands';
import { artifactOf, KEPT_FILE, PRODUCTION as LAST_ENVIRONMENT, WORKFLOW } from '../../tools/plan-review/reviewed-plan';

const REVIEW_ENVIRONMENT = reviewEnvironmentOf(PRODUCTION.name);

const DIRECTORY = join(__dirname, '../../.github/workflows');

interface Step {
  readonly name: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
  readonly env?: Record<string, string>;
}

interface Job {
  readonly name: string;
  readonly permissions: Record<string, string>;
  readonly environment?: string;
  readonly 'timeout-minutes': number;
  readonly env?: Record<string, string>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: unknown;
  readonly concurrency: { readonly 'cancel-in-progress': unknown };
  readonly jobs: Record<string, Job>;
}

const workflows = readdirSync(DIRECTORY).map((file) => ({ file, text: readFileSync(join(DIRECTORY, file), 'utf8') }));
const workflow = (name: string) => parse(workflows.find(({ file }) => file === name)!.text) as Workflow;
const jobs = workflows.flatMap(({ file }) =>
  Object.entries(workflow(file).jobs).map(([id, job]) => [`${file} ${id}`, job] as const),
);

test('there are the eight of them', () => {
  expect(workflows.map(({ file }) => file).sort()).toEqual([
    'apply.yml',
    'build.yml',
    'destroy.yml',
    'drift.yml',
    'plan.yml',
    'release.yml',
    'synth.yml',
    'upgrade.yml',
  ]);
});

test.each(workflows.map(({ file, text }) => [file, text]))(
  '%s pins each action by its commit, the version beside it',
  (_file, text) => {
    const uses = text.split('\n').filter((line) => line.includes(' uses:'));

    expect(uses.filter((line) => !/^\s+uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    expect(uses.length).toBeGreaterThan(0);
  },
);

test.each(workflows.map(({ file }) => [file]))(
  '%s gives no right but what a job asks for, and knows no pull_request_target',
  (file) => {
    const { on, permissions } = workflow(file);

    expect(permissions).toEqual({});
    expect(Object.keys(on)).not.toContain('pull_request_target');
  },
);

test.each(jobs)(
  '%s ends after a while, pastes nothing into a shell, and leaves no token behind',
  (_name, { steps, 'timeout-minutes': timeout }) => {
    expect(timeout).toBeLessThanOrEqual(90);
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
    expect(
      steps
        .filter(({ uses }) => uses?.startsWith('actions/checkout@'))
        .filter((step) => step.with?.['persist-credentials'] !== false),
    ).toEqual([]);
  },
);

test("the code of a pull request runs without a right, a secret or a role's session", () => {
  const ofPullRequests = [workflow('build.yml').jobs.build!, workflow('synth.yml').jobs.synth!];

  for (const job of ofPullRequests) {
    expect(job.permissions).toEqual({ contents: 'read' });
    expect(JSON.stringify(job)).not.toMatch(/secrets\.|github\.token|configure-aws-credentials/);
  }
});

test("a pull request is planned by main's file and main's tools, and only what its plan does is kept", () => {
  const { on, jobs: planning } = workflow('plan.yml');
  const [checkout] = planning.plan!.steps;
  const uploads = planning.plan!.steps.filter(({ uses }) => uses?.startsWith('actions/upload-artifact@'));

  expect(Object.keys(on)).toEqual(['workflow_run']);
  expect(checkout?.with?.ref).toBe('main');
  expect(uploads.map((step) => step.with)).toMatchObject([
    { name: artifactOf('${{ github.event.workflow_run.head_sha }}'), path: KEPT_FILE },
  ]);
  expect(WORKFLOW).toBe('.github/workflows/plan.yml');
});

test('the policy scanner, which evaluates what a pull request says, runs where there is nothing to be had', () => {
  const scanning = jobs.filter(([, { steps }]) => JSON.stringify(steps).includes('tools/scan/requirements.txt'));

  expect(scanning.map(([name, { permissions }]) => [name, permissions])).toEqual([
    ['plan.yml assess', { contents: 'read', actions: 'read' }],
  ]);
  expect(JSON.stringify(scanning)).not.toMatch(/configure-aws-credentials|GITHUB_TOKEN/);
  expect(workflow('plan.yml').jobs.plan).toMatchObject({
    needs: 'assess',
    if: expect.stringMatching(/^!cancelled\(\)/),
  });
});

test('a merge queue runs the checks that a merge requires', () => {
  for (const file of ['build.yml', 'synth.yml']) expect(Object.keys(workflow(file).on)).toContain('merge_group');
});

test("main's tip is applied, one run after the other, and none is dropped", () => {
  const applying = jobs.filter(([name]) => /^(apply|destroy)\.yml/.test(name));

  expect(applying).toHaveLength(4);
  for (const [, { steps }] of applying) expect(steps[0]!.with?.ref).toBe('main');
  for (const file of ['apply.yml', 'destroy.yml'])
    expect(workflow(file).concurrency).toEqual({ group: 'apply', 'cancel-in-progress': false, queue: 'max' });
});

test('no plan and no stack with values leaves a job that applies', () => {
  const applying = jobs.filter(([, { steps }]) => JSON.stringify(steps).includes('AWS_APPLY_ROLE_ARN'));

  expect(JSON.stringify(applying)).not.toContain('upload-artifact');
});

test('what holds the lock of the state is never cut short, which would leave it locked', () => {
  const holding = workflows.filter(({ text }) => text.includes('-lock-timeout')).map(({ file }) => file);

  expect(holding.sort()).toEqual(['apply.yml', 'destroy.yml']);
  expect(holding.filter((file) => workflow(file).concurrency['cancel-in-progress'] !== false)).toEqual([]);
});

test('the role that applies is taken on in a protected environment only', () => {
  const applying = jobs.filter(([, { steps }]) => JSON.stringify(steps).includes('AWS_APPLY_ROLE_ARN'));

  expect(applying.map(([, { environment }]) => environment)).toEqual([
    ...['production', REVIEW_ENVIRONMENT],
    ...['production', REVIEW_ENVIRONMENT],
  ]);
});

test('a merge is applied when the environment has it that the workflows reach last', () => {
  expect(LAST_ENVIRONMENT).toBe(PRODUCTION.name);
});

test('production comes last, and a stage has a name that a pipeline, a variable and a file can have', () => {
  expect(environmentsOf({ dev: 'dev', 'pre-prod': 'production' }).map(({ name }) => name)).toEqual([
    'dev',
    'pre-prod',
    'production',
  ]);
  for (const name of ['Dev', '1st', 'a_b', 'production'])
    expect(() => environmentsOf({ ok: 'dev', [name]: 'dev' })).toThrow(`can't be called ${name}:`);
});

test('no plan waits in another environment than the one whose reviewers are checked', () => {
  for (const file of ['apply.yml', 'destroy.yml'])
    expect(workflow(file).jobs.approved!.environment).toBe(REVIEW_ENVIRONMENT);
});

test('a person starts a release on main: a pushed tag would bring the file that it runs', () => {
  expect(Object.keys(workflow('release.yml').on)).toEqual(['workflow_dispatch']);
  expect(workflow('release.yml').jobs.package).toMatchObject({ if: "github.ref == 'refs/heads/main'" });
});

test('a package has a provenance where npm takes one: from a public repository', () => {
  const [publish] = workflow('release.yml').jobs.publish!.steps.filter(({ run }) => run?.startsWith('npm publish'));

  expect(publish).toMatchObject({
    env: { PUBLIC: "${{ github.event.repository.visibility == 'public' }}" },
    run: expect.stringContaining('--provenance="$PUBLIC"'),
  });
});

test('the job that may publish the site runs no code of the project', () => {
  const publishing = jobs.filter(([, { permissions }]) => 'pages' in permissions);

  expect(publishing.map(([name]) => name)).toEqual(['release.yml pages']);
  expect(publishing[0]![1]).toMatchObject({
    environment: 'github-pages',
    permissions: { pages: 'write', 'id-token': 'write' },
    steps: [{ uses: expect.stringMatching(/^actions\/deploy-pages@/) }],
  });
});

test('no secret is used at all', () => {
  expect(workflows.filter(({ text }) => text.includes('secrets.'))).toEqual([]);
});
