import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { colours, escaped, shownJson } from '../../src/cli/escaped-text';
import { AwsCallError } from '../../src/ops/aws-call';
import { interruptible } from '../../src/cli/terminal';
import { watch } from '../../src/ops/watch';
import { viewFor } from '../../src/ops/watch-view';
import { COMMANDS, servicesOf, written } from '../../tools/kit/ops/commands-of-text';
import { runOps, terminalOf } from '../../tools/kit/ops/ops-bench';

/** ECMA-48's C0, DEL and C1; Unicode's bidirectional, zero-width and line-separating characters (UAX 9, UTR 36); unpaired surrogates. */
const OBEYED =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|\p{Cs}/u;

const HOSTILE = [
  '\u001b[2J',
  '\u001b]0;title\u0007',
  '\u009b2J',
  '\r',
  '\b',
  '\n',
  '\t',
  '\u007f',
  '\u0085',
  '\u061c',
  '\u200b',
  '\u200f',
  '\u202e',
  '\u2067',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\udc00',
];
const outside = fc.string({
  unit: fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })),
  minLength: 1,
  maxLength: 12,
});

/** Room for every text, so that no table breaks a line. */
const WIDE = 10_000;

/** The program's own control characters: colours, line breaks, and Node's own cursor moves at a question. */
const ownOf = (text: string) => ({
  codes: (text.match(/\u001b\[\d*[A-Za-z]/g) ?? []).map((code) => code.replace(/\d+G$/, 'G')),
  lines: text.split('\n').length,
});

test.each(Object.entries(COMMANDS))(
  '%s: no text from outside moves the cursor, changes the colour or begins a line',
  async (_name, run) => {
    const [plain, coloured] = await Promise.all(
      [false, true].map(async (one) => ownOf((await written(run, () => 'x', { coloured: one, width: WIDE })).text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(outside, { minLength: 1, maxLength: 8 }), fc.boolean(), async (texts, isColoured) => {
        let next = 0;
        const { text, json } = await written(run, () => texts[next++ % texts.length]!, {
          coloured: isColoured,
          width: WIDE,
        });
        expect(ownOf(text)).toEqual(isColoured ? coloured : plain);
        expect(stripVTControlCharacters(text)).not.toMatch(OBEYED);
        const shown = String(shownJson(json, 2));
        expect(shown).not.toMatch(OBEYED);
        expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(json)));
      }),
      { numRuns: 12 },
    );
  },
);

describe('watch', () => {
  test.each([
    ['a line a snapshot', {}],
    ['JSON', { json: true }],
    ['a screen', { rows: 60 }],
  ])('as %s', async (_how, { rows, json }: { rows?: number; json?: boolean }) => {
    const look = { full: true, colours: colours(false), width: WIDE };
    await fc.assert(
      fc.asyncProperty(fc.array(outside, { minLength: 1, maxLength: 8 }), async (texts) => {
        let next = 0;
        const services = servicesOf(() => texts[next++ % texts.length]!);
        const signals = terminalOf().signals;
        const terminal = terminalOf({
          signals,
          onWritten: () => signals.emit('SIGINT'),
          ...(rows !== undefined && { rows }),
        });
        const { text } = await interruptible(terminal, (one) =>
          watch({ interval: 1, ...(json && { json }) }, services, look, one),
        );
        const own = terminal.stdout.text.replaceAll(/\u001b\[(\?\d+[hl]|\d*[A-Z]|\d+;\d+H)/g, '');
        expect(own + (text?.toString() ?? '')).not.toMatch(OBEYED);
      }),
      { numRuns: 10 },
    );
  });

  test('a failure between two snapshots', () => {
    const terminal = terminalOf();
    viewFor({ interval: 1 }, { full: true, colours: colours(false), width: WIDE }, terminal).fail(
      'gone \u001b[2J\nAll is well.',
      {} as never,
    );
    expect(terminal.stdout.text).toMatch(/gone \\x1b\[2J\\nAll is well\.\n$/);
  });
});

describe('what a person has typed, and what AWS answers to it, comes back escaped', () => {
  test.each([
    ['an option', ['payment', '--\u001b[2J'], /^Unknown option '--\\x1b\[2J'/],
    ['a command', ['pay\u202ement'], /^Unknown command 'pay\\u202ement'/],
    [
      'a file of outputs',
      ['payment', 'tx-1', '--outputs', '/none\u001b[2J\n.json'],
      /\/none\\x1b\[2J\\n\.json cannot be read/,
    ],
  ])('%s', async (_what, args, sentence) => {
    const { code, stderr } = await runOps(args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(sentence) as string });
    expect(stderr).not.toMatch(OBEYED);
  });
});

test('an error of a call is a sentence on one line', () => {
  expect(new AwsCallError('gone \u009b2J\r\n').message).toBe('gone \\x9b2J\\r\\n');
});

test.each([
  ['\u001b', '\\x1b'],
  ['\u009b', '\\x9b'],
  ['\u007f', '\\x7f'],
  ['\n', '\\n'],
  ['\t', '\\t'],
  ['\u202e', '\\u202e'],
  ['\u2066', '\\u2066'],
  ['\u200e', '\\u200e'],
  ['\u061c', '\\u061c'],
  ['\ufeff', '\\ufeff'],
  ['\u2028', '\\u2028'],
  ['\ud83d', '\\ud83d'],
  ['\u{e0041}', '\\u{e0041}'],
  ['é 漢 👍', 'é 漢 👍'],
])('%j is shown as %s', (text, expected) => {
  expect(escaped(text)).toBe(expected);
});
