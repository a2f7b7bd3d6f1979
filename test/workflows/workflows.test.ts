import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { JOB, WORKFLOW } from '../../tools/plan-review/reviewed-plan';

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

test('there are the five of them', () => {
  expect(workflows.map(({ file }) => file).sort()).toEqual([
    'apply.yml',
    'build.yml',
    'drift.yml',
    'plan.yml',
    'release.yml',
  ]);
});

test.each(workflows.map(({ file, text }) => [file, text]))(
  '%s pins each action by its commit, the version beside it',
  (_file, text) => {
    const uses = text.split('\n').filter((line) => line.includes('uses:'));

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
  const ofPullRequests = [workflow('build.yml').jobs.build!, workflow('plan.yml').jobs.synth!];

  for (const job of ofPullRequests) {
    expect(job.permissions).toEqual({ contents: 'read' });
    expect(JSON.stringify(job)).not.toMatch(/secrets\.|github\.token|configure-aws-credentials/);
  }
});

test('what has a session to plan a pull request runs the tools of main', () => {
  const [checkout] = workflow('plan.yml').jobs.plan!.steps;

  expect(checkout?.with?.ref).toBe('${{ github.event.pull_request.base.sha }}');
});

test('a merge is looked up under the name of the workflow and the job that plan', () => {
  expect(workflow(WORKFLOW).jobs[JOB]!.name).toBe(JOB);
});

test('what holds the lock of the state is never cut short, which would leave it locked', () => {
  const holding = workflows.filter(({ text }) => text.includes('-lock-timeout')).map(({ file }) => file);

  expect(holding.sort()).toEqual(['apply.yml', 'drift.yml', 'plan.yml']);
  expect(holding.filter((file) => workflow(file).concurrency['cancel-in-progress'] !== false)).toEqual([]);
});

test('the role that applies is taken on in a protected environment only', () => {
  const applying = jobs.filter(([, { steps }]) => JSON.stringify(steps).includes('AWS_APPLY_ROLE_ARN'));

  expect(applying.map(([, { environment }]) => environment)).toEqual(['production', 'production-review']);
});

test('no plan is left to an environment before its required reviewers are checked', () => {
  const { apply, 'apply-after-approval': approved } = workflow('apply.yml').jobs;
  const commands = apply!.steps.map(({ run = '' }) => run);
  const asked = commands.indexOf(`npx projen plan:review -- approval --environment ${approved!.environment}`);

  expect(asked).toBeGreaterThan(-1);
  expect(commands.findIndex((run) => run.includes('plan:review -- pack'))).toBeGreaterThan(asked);
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
