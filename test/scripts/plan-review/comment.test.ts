import { counts, LONGEST, renderFailure, renderPlan } from '../../../scripts/plan-review/comment';
import { causeOf } from '../../../scripts/plan-review/failure';
import { digestOf } from '../../../scripts/plan-review/meaning';
import { renderDrift } from '../../../scripts/plan-review/drift';
import { A_QUEUE, meaning, type ChangeSaid } from './plans';

const PLACE = { commit: 'abcdef0123456789', url: 'https://github.example/o/r/actions/runs/1' };

const of = (...changes: ChangeSaid[]) => meaning({ changes });
const queue = (address: string, ...actions: string[]): ChangeSaid => ({ ...A_QUEUE, address, actions, before: { a: 1 }, after: { a: 2 } });

test.each<[string, ChangeSaid[]]>([
  ['nothing to change', [{ address: 'data.aws_region.r', actions: ['read'] }]],
  ['2 to create', [queue('a.b', 'create'), queue('a.c', 'create')]],
  ['1 to change, 1 to create, 1 to destroy, 1 to replace', [queue('a.b', 'create'), queue('a.c', 'update'), queue('a.d', 'delete'), queue('a.e', 'delete', 'create')]],
])('%s', (said, changes) => {
  expect(counts(of(...changes))).toBe(said);
});

test('outputs alone are something to change', () => {
  expect(counts(meaning({ changes: [], outputs: { o: { actions: ['update'], before: 1, after: 2 } } }))).toBe('1 outputs to change');
});

test('a plan is shown with what it does at a glance, what may lose something first', () => {
  const plan = of(queue('a.new', 'create'), queue('a.gone', 'delete'));

  const text = renderPlan({ meaning: plan, text: '+ a.new\n- a.gone' }, PLACE);

  expect(text.split('\n').slice(0, 6)).toEqual(['### Plan for abcdef0: 1 to create, 1 to destroy', '', '| | |', '|---|---|', '| destroy | `a.gone` |', '| create | `a.new` |']);
  expect(text).toContain(digestOf(plan));
  expect(text).toContain('<details><summary>What Terraform says</summary>\n\n```\n+ a.new\n- a.gone\n```\n');
  expect(text).toContain(PLACE.url);
});

test('a plan that is too long is cut to the limit, and says where the whole is', () => {
  const text = renderPlan({ meaning: of(A_QUEUE), text: 'x'.repeat(200_000) }, PLACE);

  expect(text.length).toBeLessThanOrEqual(LONGEST.comment);
  expect(text.length).toBeGreaterThan(LONGEST.comment - 200);
  expect(text).toMatch(/\*\*Cut, as it is too long.*https:\/\/github\.example\/o\/r\/actions\/runs\/1/);
});

test('many resources are counted, not listed', () => {
  const text = renderPlan({ meaning: of(...Array.from({ length: 100 }, (_, n) => queue(`a.n${n}`, 'create'))), text: '' }, PLACE);

  expect(text.match(/^\| create/gm)).toHaveLength(60);
  expect(text).toContain('| … | and 40 more |');
});

test('neither a value nor a key can leave the place where it stands', () => {
  const text = renderPlan({ meaning: of(queue('a.b["`|</details>"]', 'create')), text: 'name = "```\n</details> @everyone"' }, PLACE);

  expect(text).toContain("| create | `a.b[\"'\\|</details>\"]` |");
  expect(text).toContain('\n````\nname = "```\n</details> @everyone"\n````\n');
});

test('an address is masked', () => {
  expect(renderPlan({ meaning: of(queue('a.b["123456789012"]', 'create')), text: '' }, PLACE)).toContain('`a.b["(account)"]`');
});

describe('a plan that failed', () => {
  const LOG = 'Initializing...\n\u001b[31m╷\n│ \u001b[1mError: Invalid value for variable\n│ \n│ It is oncall@example.com.\n╵\nNothing was changed: give the variables other values.\n';

  test('is told by its error, and what to do', () => {
    expect(causeOf(LOG)).toBe('Error: Invalid value for variable\n\nIt is (email).\n\nNothing was changed: give the variables other values.');
    expect(renderFailure(causeOf(LOG), PLACE)).toMatch(/^### No plan for abcdef0: it failed\n\n```\nError: Invalid/);
  });

  test('is told no longer than GitHub takes a comment', () => {
    const text = renderFailure(causeOf(`Error: x\n${'y'.repeat(200_000)}`), PLACE);

    expect(text.length).toBeLessThanOrEqual(LONGEST.comment);
    expect(text).toMatch(/Error: x\ny+…\n```\n\nAll that was said is in \[the run\]/);
  });

  test('is told by its last lines, where Terraform was not even called', () => {
    expect(causeOf('bundled\nThere are no AWS credentials: set AWS_PROFILE.\n')).toBe('bundled\nThere are no AWS credentials: set AWS_PROFILE.');
  });
});

test('drift is told by the plan that would undo it, and no drift not at all', () => {
  expect(renderDrift({ meaning: of(), text: '' }, PLACE)).toBeUndefined();
  expect(renderDrift({ meaning: of(queue('a.b', 'update')), text: '~ a.b' }, PLACE)).toMatch(/^A plan of main would change something[^]*1 to change[^]*~ a\.b/);
});
