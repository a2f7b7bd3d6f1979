import { GitHub } from '../../../tools/plan-review/github';
import { digestOf } from '../../../tools/plan-review/plan-summary';
import {
  countActions,
  errorIn,
  MAX_LENGTH,
  renderDrift,
  renderFailure,
  renderPlan,
  writeComment,
  writeIssue,
} from '../../../tools/plan-review/pr-comment';
import { FakeGitHub } from '../../../tools/plan-review/fixtures/fake-github';
import { A_QUEUE, summary, type ChangeSaid } from '../../../tools/plan-review/fixtures/plans';

const PLACE = { commit: 'abcdef0123456789', url: 'https://github.example/o/r/actions/runs/1' };

const of = (...changes: ChangeSaid[]) => summary({ changes });
const queue = (address: string, ...actions: string[]): ChangeSaid => ({
  ...A_QUEUE,
  address,
  actions,
  before: { a: 1 },
  after: { a: 2 },
});

test.each<[string, ChangeSaid[]]>([
  ['nothing to change', [{ address: 'data.aws_region.r', actions: ['read'] }]],
  ['2 to create', [queue('a.b', 'create'), queue('a.c', 'create')]],
  [
    '1 to change, 1 to create, 1 to destroy, 1 to replace',
    [queue('a.b', 'create'), queue('a.c', 'update'), queue('a.d', 'delete'), queue('a.e', 'delete', 'create')],
  ],
])('%s', (said, changes) => {
  expect(countActions(of(...changes))).toBe(said);
});

test('outputs alone are something to change', () => {
  expect(countActions(summary({ changes: [], outputs: { o: { actions: ['update'], before: 1, after: 2 } } }))).toBe(
    '1 outputs to change',
  );
});

test('a plan is shown with what it does at a glance, what may lose something first', () => {
  const plan = of(queue('a.new', 'create'), queue('a.gone', 'delete'));

  const text = renderPlan({ summary: plan, text: '+ a.new\n- a.gone' }, PLACE);

  expect(text.split('\n').slice(0, 6)).toEqual([
    '### Plan for abcdef0: 1 to create, 1 to destroy',
    '',
    '| | |',
    '|---|---|',
    '| destroy | `a.gone` |',
    '| create | `a.new` |',
  ]);
  expect(text).toContain(digestOf(plan));
  expect(text).toContain('<details><summary>What Terraform says</summary>\n\n```\n+ a.new\n- a.gone\n```\n');
  expect(text).toContain(PLACE.url);
});

test('a plan that is too long is cut to the limit, and says where the whole is', () => {
  const text = renderPlan({ summary: of(A_QUEUE), text: 'x'.repeat(200_000) }, PLACE);

  expect(text.length).toBeLessThanOrEqual(MAX_LENGTH.comment);
  expect(text.length).toBeGreaterThan(MAX_LENGTH.comment - 200);
  expect(text).toMatch(/\*\*Cut, as it is too long.*https:\/\/github\.example\/o\/r\/actions\/runs\/1/);
});

test('many resources are counted, not listed', () => {
  const text = renderPlan(
    { summary: of(...Array.from({ length: 100 }, (_, n) => queue(`a.n${n}`, 'create'))), text: '' },
    PLACE,
  );

  expect(text.match(/^\| create/gm)).toHaveLength(60);
  expect(text).toContain('| … | and 40 more |');
});

test('neither a value nor a key can leave the place where it stands', () => {
  const text = renderPlan(
    { summary: of(queue('a.b["`|</details>"]', 'create')), text: 'name = "```\n</details> @everyone"' },
    PLACE,
  );

  expect(text).toContain('| create | `a.b["\'\\|</details>"]` |');
  expect(text).toContain('\n````\nname = "```\n</details> @everyone"\n````\n');
});

test('an address is masked', () => {
  expect(renderPlan({ summary: of(queue('a.b["123456789012"]', 'create')), text: '' }, PLACE)).toContain(
    '`a.b["(account)"]`',
  );
});

describe('a plan that failed', () => {
  const LOG =
    'Initializing...\n\u001b[31m╷\n│ \u001b[1mError: Invalid value for variable\n│ \n│ It is oncall@example.com.\n╵\nNothing was changed: give the variables other values.\n';

  test('is shown with its error, and what to do', () => {
    expect(errorIn(LOG)).toBe(
      'Error: Invalid value for variable\n\nIt is (email).\n\nNothing was changed: give the variables other values.',
    );
    expect(renderFailure(errorIn(LOG), PLACE)).toMatch(/^### No plan for abcdef0: it failed\n\n```\nError: Invalid/);
  });

  test('is no longer than GitHub accepts a comment', () => {
    const text = renderFailure(errorIn(`Error: x\n${'y'.repeat(200_000)}`), PLACE);

    expect(text.length).toBeLessThanOrEqual(MAX_LENGTH.comment);
    expect(text).toMatch(/Error: x\ny+…\n```\n\nAll that was said is in \[the run\]/);
  });

  test('is shown with its last lines when Terraform was not called', () => {
    expect(errorIn('bundled\nThere are no AWS credentials: set AWS_PROFILE.\n')).toBe(
      'bundled\nThere are no AWS credentials: set AWS_PROFILE.',
    );
  });
});

test('drift is shown with the plan that would undo it; without drift nothing is written', () => {
  expect(renderDrift({ summary: of(), text: '' }, PLACE)).toBeUndefined();
  expect(renderDrift({ summary: of(queue('a.b', 'update')), text: '~ a.b' }, PLACE)).toMatch(
    /^A plan of main would change something[^]*1 to change[^]*~ a\.b/,
  );
});

describe('on GitHub', () => {
  let fake: FakeGitHub;
  let github: GitHub;

  beforeEach(async () => {
    fake = new FakeGitHub();
    github = GitHub.ofWorkflow(await fake.start());
  });

  afterEach(() => fake.close());

  describe('the comment', () => {
    test('is written once, and then over itself', async () => {
      await writeComment(github, 7, '<!-- m -->', 'first');
      await writeComment(github, 7, '<!-- m -->', 'second');

      expect(fake.comments.map(({ body }) => body)).toEqual(['<!-- m -->\nsecond']);
    });

    test('is found behind a hundred others, and not taken for that of a person', async () => {
      const others = Array.from({ length: 150 }, (_, index) => ({
        id: index + 1,
        number: 7,
        body: 'chat',
        user: { type: 'User' },
      }));
      fake.comments = [{ ...others[0]!, body: '<!-- m -->\nquoted' }, ...others.slice(1)];
      await writeComment(github, 7, '<!-- m -->', 'first');
      await writeComment(github, 7, '<!-- m -->', 'second');

      expect([fake.comments[0]!.body, fake.comments.length, fake.comments.at(-1)!.body]).toEqual([
        '<!-- m -->\nquoted',
        151,
        '<!-- m -->\nsecond',
      ]);
    });
  });

  test('the issue is opened, written again, closed, and opened again', async () => {
    for (const text of [undefined, 'first', 'second']) await writeIssue(github, '<!-- d -->', 'Drift', text);
    expect(fake.issues).toMatchObject([{ title: 'Drift', body: '<!-- d -->\nsecond', state: 'open' }]);

    for (const text of [undefined, undefined, 'third']) await writeIssue(github, '<!-- d -->', 'Drift', text);
    expect(fake.issues).toMatchObject([{ state: 'closed' }, { body: '<!-- d -->\nthird', state: 'open' }]);
  });

  test('a pull request of the same mark is no issue', async () => {
    const pull = {
      id: 1,
      number: 1,
      body: '<!-- d -->\nfirst',
      state: 'open',
      user: { type: 'Bot' },
      pull_request: {},
    };
    fake.issues = [pull];
    await writeIssue(github, '<!-- d -->', 'Drift', 'second');

    expect(fake.issues.map(({ body }) => body)).toEqual(['<!-- d -->\nfirst', '<!-- d -->\nsecond']);
  });

  test('the issue is found behind a hundred other open items', async () => {
    const others = Array.from({ length: 120 }, (_, index) => ({
      id: index + 1,
      number: index + 1,
      body: 'other',
      state: 'open',
      user: { type: 'Bot' },
    }));
    fake.issues = [...others, { ...others[0]!, id: 121, number: 121, body: '<!-- d -->\nfirst' }];

    await writeIssue(github, '<!-- d -->', 'Drift', 'second');

    expect([fake.issues.length, fake.issues.at(-1)]).toEqual([
      121,
      expect.objectContaining({ number: 121, body: '<!-- d -->\nsecond' }),
    ]);
  });
});
