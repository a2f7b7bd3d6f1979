import * as v from 'valibot';
import { GitHub, listIn } from '../../../tools/plan-review/github';
import { DRIFT_MARK, writeComment, writeIssue } from '../../../tools/plan-review/notes';
import { FakeClock } from '../../../tools/plan-review/fixtures/fake-clock';
import { FakeGitHub, type Failure } from '../../../tools/plan-review/fixtures/fake-github';

const NUMBERS = listIn('environments', v.number());
const MARK = '<!-- m -->';

let fake: FakeGitHub;
let clock: FakeClock;
let github: GitHub;

beforeEach(async () => {
  fake = new FakeGitHub();
  clock = new FakeClock();
  github = GitHub.ofWorkflow(await fake.start(), clock);
});

afterEach(() => fake.close());

async function numbers(path = 'environments'): Promise<number[]> {
  const all: number[] = [];
  for await (const number of github.list(path, NUMBERS)) all.push(number);
  return all;
}

const inTenSeconds = () => String(clock.now() / 1_000 + 10);

describe('a failed call is retried', () => {
  test.each<[what: string, failures: () => Failure[], waits: number[]]>([
    [
      'after a second, and then after twice as long each time, when GitHub has an error',
      () => [{ status: 500 }, { status: 502 }, { status: 503 }, { status: 504 }],
      [1_000, 2_000, 4_000, 8_000],
    ],
    [
      'after the seconds of Retry-After',
      () => [
        { status: 403, headers: { 'retry-after': '7' } },
        { status: 429, headers: { 'retry-after': '0' } },
      ],
      [7_000, 0],
    ],
    [
      'at the time of the reset, when no call remains',
      () => [{ status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inTenSeconds() } }],
      [10_000],
    ],
    [
      'a second later, when the reset has passed',
      () => [{ status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' } }],
      [1_000],
    ],
    [
      'after the seconds of Retry-After, though the reset is earlier',
      () => [
        {
          status: 403,
          headers: { 'retry-after': '20', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inTenSeconds() },
        },
      ],
      [20_000],
    ],
    [
      'after a minute, and then after two, when GitHub names no time',
      () => [{ status: 429 }, { status: 403, message: 'You have exceeded a secondary rate limit.' }],
      [60_000, 120_000],
    ],
    [
      'after a minute, when the reset is that of another limit',
      () => [{ status: 429, headers: { 'x-ratelimit-remaining': '55', 'x-ratelimit-reset': inTenSeconds() } }],
      [60_000],
    ],
    [
      'after a minute, when Retry-After is not in seconds',
      () => [{ status: 429, headers: { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' } }],
      [60_000],
    ],
  ])('%s', async (_what, failures, waits) => {
    fake.environments = [1, 2];
    fake.failures = failures();

    expect(await numbers()).toEqual([1, 2]);
    expect([clock.waits, fake.calls.length]).toEqual([waits, waits.length + 1]);
  });

  test('when GitHub does not answer in time', async () => {
    fake.environments = [1];
    clock.timeouts = [AbortSignal.abort()];

    expect([await numbers(), clock.waits]).toEqual([[1], [1_000]]);
  });

  test('when it is an update', async () => {
    fake.comments = [{ id: 1, number: 7, body: MARK, user: { type: 'Bot' } }];
    fake.failures = [
      { method: 'PATCH', status: 500 },
      { method: 'PATCH', status: 502, isDone: true },
    ];
    await writeComment(github, 7, MARK, 'text');

    expect([clock.waits, fake.comments.map(({ body }) => body)]).toEqual([[1_000, 2_000], [`${MARK}\ntext`]]);
  });
});

describe('a failed call is not retried', () => {
  test.each<[what: string, failures: Failure[], sentence: RegExp, waits: number[]]>([
    [
      'more than four times',
      Array.from({ length: 5 }, () => ({ status: 500 })),
      /^GitHub fails at GET environments\S* with 500 \(.*\)\. Run this again in 16 s \(calls: 5\)\.$/,
      [1_000, 2_000, 4_000, 8_000],
    ],
    [
      'when the limit ends in more than five minutes',
      [{ status: 403, headers: { 'retry-after': '301' } }],
      /^GitHub limits the calls, and refuses GET environments\S* with 403 .* Run this again in 301 s \(calls: 1\)\.$/,
      [],
    ],
    [
      'when all waits together last longer than five minutes',
      [{ status: 429 }, { status: 429 }, { status: 429 }],
      /Run this again in 240 s \(calls: 3\)/,
      [60_000, 120_000],
    ],
    [
      'when a right is missing',
      [{ status: 403, headers: { 'x-ratelimit-remaining': '55' } }],
      /^GitHub refuses GET environments\S* with 403 \(.*\): look at the workflow's permissions\.$/,
      [],
    ],
    ['when nothing is there', [{ status: 404 }], /refuses GET environments\S* with 404/, []],
  ])('%s', async (_what, failures, sentence, waits) => {
    fake.failures = failures;

    await expect(numbers()).rejects.toThrow(sentence);
    expect([clock.waits, fake.calls.length]).toEqual([waits, waits.length + 1]);
  });
});

describe('nothing is created twice', () => {
  test.each<[what: string, failure: Failure]>([
    ['when GitHub creates it and answers with an error', { method: 'POST', status: 502, isDone: true }],
    ['when GitHub fails before it creates it', { method: 'POST', status: 502 }],
    ['when GitHub limits the calls', { method: 'POST', status: 429, headers: { 'retry-after': '1' } }],
  ])('%s', async (_what, failure) => {
    fake.failures = [failure];
    await writeComment(github, 7, MARK, 'text');
    fake.failures = [failure];
    await writeIssue(github, 'text');

    expect([...fake.comments, ...fake.issues].map(({ body }) => body)).toEqual([
      `${MARK}\ntext`,
      `${DRIFT_MARK}\ntext`,
    ]);
    expect(clock.waits).toEqual([1_000, 1_000]);
  });
});

describe('a list', () => {
  const many = Array.from({ length: 250 }, (_, index) => index);

  test('is read page by page', async () => {
    fake.environments = many;

    expect(await numbers()).toEqual(many);
    expect(await numbers('environments?name=a')).toEqual(many);
    expect(fake.calls.slice(2, 4)).toEqual([
      'GET /repos/owner/pipeline/environments?per_page=100&page=3',
      'GET /repos/owner/pipeline/environments?name=a&per_page=100&page=1',
    ]);
  });

  test('is read no further than needed', async () => {
    fake.environments = many;

    expect(await github.find('environments', NUMBERS, (number) => number > 140)).toBe(141);
    expect(fake.calls).toHaveLength(2);
  });
});
