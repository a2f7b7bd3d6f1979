import { digestOf } from '../../../tools/plan-review/plan-summary';
import { countActions, errorIn, MAX_LENGTH, renderFailure, renderPlan } from '../../../tools/plan-review/pr-comment';
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
