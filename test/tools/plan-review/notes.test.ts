import { GitHub } from '../../../tools/plan-review/github';
import { DRIFT_MARK, writeComment, writeIssue } from '../../../tools/plan-review/notes';
import { FakeGitHub } from '../../../tools/plan-review/fixtures/fake-github';

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
  for (const text of [undefined, 'first', 'second']) await writeIssue(github, text);
  expect(fake.issues).toMatchObject([
    { title: 'AWS is not as main says', body: `${DRIFT_MARK}\nsecond`, state: 'open' },
  ]);

  for (const text of [undefined, undefined, 'third']) await writeIssue(github, text);
  expect(fake.issues).toMatchObject([{ state: 'closed' }, { body: `${DRIFT_MARK}\nthird`, state: 'open' }]);
});

test('a pull request of the same mark is no issue', async () => {
  const pull = {
    id: 1,
    number: 1,
    body: `${DRIFT_MARK}\nfirst`,
    state: 'open',
    user: { type: 'Bot' },
    pull_request: {},
  };
  fake.issues = [pull];
  await writeIssue(github, 'second');

  expect(fake.issues.map(({ body }) => body)).toEqual([`${DRIFT_MARK}\nfirst`, `${DRIFT_MARK}\nsecond`]);
});

test('the issue is found behind a hundred other open items', async () => {
  const others = Array.from({ length: 120 }, (_, index) => ({
    id: index + 1,
    number: index + 1,
    body: 'other',
    state: 'open',
    user: { type: 'Bot' },
  }));
  fake.issues = [...others, { ...others[0]!, id: 121, number: 121, body: `${DRIFT_MARK}\nfirst` }];

  await writeIssue(github, 'second');

  expect([fake.issues.length, fake.issues.at(-1)]).toEqual([
    121,
    expect.objectContaining({ number: 121, body: `${DRIFT_MARK}\nsecond` }),
  ]);
});
