import { colours, shown } from '../../src/cli/escaped-text';
import { keyValueList } from '../../src/ops/format';
import { outputWidth, readable, table } from '../../src/ops/table';
import { COMMANDS, written } from '../../tools/kit/ops/commands-of-text';

const plain = (width: number) => ({ colours: colours(false), width });
const drawn = (head: readonly string[], rows: readonly (readonly string[])[], width: number) =>
  String(table(head, rows, plain(width)));
const ID = 'x'.repeat(64);

test.each([
  [{}, 80],
  [{ columns: 132 }, 80],
  [{ isTTY: true }, 80],
  [{ isTTY: true, columns: 0 }, 80],
  [{ isTTY: true, columns: 132 }, 132],
])('an output %j has lines of %i characters', (stdout, expected) => {
  expect(outputWidth(stdout as never)).toBe(expected);
});

test('a table that fits stays as it is', () => {
  expect(drawn(['Cause', 'Count'], [['an outage of the API', '3']], 32)).toBe(
    [
      '┌──────────────────────┬───────┐',
      '│ Cause                │ Count │',
      '├──────────────────────┼───────┤',
      '│ an outage of the API │ 3     │',
      '└──────────────────────┴───────┘',
    ].join('\n'),
  );
});

test('words are wrapped in the widest column first, and heads with them', () => {
  expect(
    drawn(['Where and when', 'What', 'Count'], [['here', 'one two three four five six seven eight', '3']], 50),
  ).toBe(
    [
      '┌────────────────┬──────────────────────┬───────┐',
      '│ Where and when │ What                 │ Count │',
      '├────────────────┼──────────────────────┼───────┤',
      '│ here           │ one two three four   │ 3     │',
      '│                │ five six seven eight │       │',
      '└────────────────┴──────────────────────┴───────┘',
    ].join('\n'),
  );
});

test('of two columns that would make room enough the last one moves', () => {
  expect(
    drawn(
      ['Status', 'At', 'Reason'],
      [
        ['FAILED', '2026-01-02T03:05:00.000Z', 'FRAUD_CHECK_UNAVAILABLE'],
        ['APPROVED', '2026-01-02T03:06:00.000Z', ''],
      ],
      50,
    ),
  ).toBe(
    [
      '┌──────────┬──────────────────────────┐',
      '│ Status   │ At                       │',
      '├──────────┼──────────────────────────┤',
      '│ FAILED   │ 2026-01-02T03:05:00.000Z │',
      '│ Reason: FRAUD_CHECK_UNAVAILABLE     │',
      '│ APPROVED │ 2026-01-02T03:06:00.000Z │',
      '└──────────┴──────────────────────────┘',
    ].join('\n'),
  );
});

test('what has the longest words moves below its row, with its name; an id stays whole, and an empty value takes no line', () => {
  const rows = [
    ['2026-01-02T03:05:00.000Z', ID, 'FRAUD_CHECK_UNAVAILABLE', '1', ''],
    ['2026-01-02T03:06:00.000Z', 'tx-2', '', '2', 'no'],
  ];
  expect(drawn(['Failed at', 'Transaction', 'Cause', 'Attempts', 'Why'], rows, 72)).toBe(
    [
      '┌──────────────────────────┬─────────────────────────┬──────────┬─────┐',
      '│ Failed at                │ Cause                   │ Attempts │ Why │',
      '├──────────────────────────┼─────────────────────────┼──────────┼─────┤',
      '│ 2026-01-02T03:05:00.000Z │ FRAUD_CHECK_UNAVAILABLE │ 1        │     │',
      '│ Transaction:                                                        │',
      `│ ${ID}    │`,
      '│ 2026-01-02T03:06:00.000Z │                         │ 2        │ no  │',
      '│ Transaction: tx-2                                                   │',
      '└─────────────────────────────────────────────────────────────────────┘',
    ].join('\n'),
  );
});

test('where no single column makes room enough, the one with the longest word moves first', () => {
  const head = ['First', 'A', 'B', 'C'];
  expect(
    drawn(head, [['f'.repeat(10), 'a'.repeat(30), 'b'.repeat(10), 'c'.repeat(20)]], 40)
      .split('\n')
      .slice(1, -1),
  ).toEqual([
    '│ First           │ B               │',
    '├─────────────────┼─────────────────┤',
    '│ ffffffffff      │ bbbbbbbbbb      │',
    `│ A: ${'a'.repeat(30)} │`,
    `│ C: ${'c'.repeat(20)}${' '.repeat(10)} │`,
  ]);
});

test('a spaced table has a line between two rows, and none within one', () => {
  const rows = [
    [shown`one\ntwo`, '1'],
    ['three', '2'],
  ];
  expect(
    String(table(['Which', 'Count'], rows, plain(80), true))
      .split('\n')
      .slice(2),
  ).toEqual([
    '├───────┼───────┤',
    '│ one   │ 1     │',
    '│ two   │       │',
    '├───────┼───────┤',
    '│ three │ 2     │',
    '└───────┴───────┘',
  ]);
});

test('words move rather than stand in a very narrow column', () => {
  expect(drawn(['Transaction', 'What'], [[ID, 'it is not yet to be seen']], 80)).toMatch(
    /│ What: it is not yet to be seen +│/,
  );
});

test('a value of several lines begins below its name', () => {
  const rows = [['account-1', shown`${ID}\nfailed`, 'x'.repeat(20)]];
  expect(String(table(['Account', 'Waits for', 'Since'], rows, plain(79)))).toContain(
    `│ Waits for:${' '.repeat(55)}│\n│ ${ID} │\n│ failed `,
  );
});

test('only a word that is longer than any id, and than the output, is broken', () => {
  const lines = drawn(['Reason'], [['y'.repeat(200)]], 80).split('\n');
  expect(lines.slice(3, -1)).toEqual([
    `│ ${'y'.repeat(76)} │`,
    `│ ${'y'.repeat(76)} │`,
    `│ ${'y'.repeat(48).padEnd(76)} │`,
  ]);
  expect(drawn(['Transaction', 'Count'], [[ID, '1']], 40)).toContain(ID);
});

test('wide characters, and colours, count as the columns that they take', () => {
  const look = { colours: colours(true), width: 32 };
  const lines = String(table(['Reason', 'Count'], [['金額 '.repeat(9).trim(), look.colours.red('3')]], look)).split(
    '\n',
  );
  expect(lines[0]!.length).toBeLessThanOrEqual(32);
  expect(lines.slice(3, -1).map((line) => line.match(/金額/g)?.length)).toEqual([4, 4, 1]);
});

const LONG_IDS = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(64));
const REASON = 'the owner of the fraud API raised its limit after an incident of some hours '.repeat(6).trim();
const UUID = '0190b0c0-5d5c-7000-8000-000000000001';
/** An id of the greatest length stays whole, in a table that is 68 wide. */
const [ALL_WIDTHS, WIDTHS_OF_LONG_IDS] = [
  [60, 80, 100, 120],
  [80, 100, 120],
];
const VALUES: Readonly<Record<string, readonly [values: readonly string[], widths: readonly number[]]>> = {
  'ids of the greatest length': [LONG_IDS, WIDTHS_OF_LONG_IDS],
  'long ids and long reasons': [[LONG_IDS[0]!, REASON, LONG_IDS[1]!], WIDTHS_OF_LONG_IDS],
  UUIDs: [[UUID], ALL_WIDTHS],
  'UUIDs and times': [[UUID, '2026-01-02T03:05:00.000Z', 'FRAUD_CHECK_UNAVAILABLE'], ALL_WIDTHS],
};
const words = (text: string) => new Set(text.replaceAll(/[┌┬┐├┼┤└┴┘─│]/g, ' ').split(/\s+/));

describe.each(Object.entries(COMMANDS))('%s', (_name, run) => {
  test.each(Object.entries(VALUES))(
    'with %s the answer and every table fit the terminal, and no word is lost',
    async (_what, [values, widths]) => {
      const at = async (width: number) => {
        let next = 0;
        return written(run, () => values[next++ % values.length]!, { width });
      };
      const isOfValue = (word: string) => values.some((value) => value.split(' ').some((part) => word.includes(part)));
      const all = [...words((await at(10_000)).text)].filter(isOfValue);
      for (const width of widths) {
        const { text, answer } = await at(width);
        const found = words(text);
        const tables = text.split('\n').filter((line) => /^[┌├└│]/.test(line));
        expect([...tables, ...answer.split('\n')].filter((line) => line.length > width)).toEqual([]);
        expect(all.filter((word) => !found.has(word) && !found.has(`${word}:`))).toEqual([]);
      }
    },
  );
});

test('a line of words is broken between them, and begins again below its beginning; a program reads it whole', () => {
  const text = shown`  one two three\n│ a row of a table │`;
  const width = { width: 9 };
  expect(String(readable(text, { isTTY: true }, width))).toBe('  one two\n  three\n│ a row of a table │');
  expect(readable(text, {}, width)).toBe(text);
});

test('a long value continues beside its name, unless one of its words has no room there', () => {
  const at = (width: number) =>
    String(
      readable(
        keyValueList(
          [
            ['Name', 'one two three'],
            ['N', ''],
          ],
          plain(width),
        ),
        { isTTY: true },
        { width },
      ),
    );
  expect(at(14)).toBe('Name  one two\n      three\nN     ');
  expect(at(10)).toBe('Name  one\ntwo three\nN     ');
});
