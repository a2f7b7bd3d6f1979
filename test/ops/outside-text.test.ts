import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { colours, escaped, shownJson } from '../../src/cli/shown-text';
import { analyze } from '../../src/ops/analyze';
import { AwsCallError } from '../../src/ops/aws-call';
import { listFailed } from '../../src/ops/failed';
import { showPayment } from '../../src/ops/payment';
import type { Services } from '../../src/ops/services';
import type { Answer } from '../../src/ops/shown';
import { showStatus } from '../../src/ops/status';
import { interruptible, type InterruptibleTerminal } from '../../src/ops/terminal';
import { watch } from '../../src/ops/watch';
import { viewFor } from '../../src/ops/watch-view';
import { work } from '../../src/ops/work';
import { send } from '../../src/ops/send';
import { aPayment, aRecord } from '../../tools/kit/payments/payments';
import { fileOf, runOps, terminalOf } from '../../tools/kit/ops/ops-bench';

/** ECMA-48's C0, DEL and C1; Unicode's bidirectional, zero-width and line-separating characters (UAX 9, UTR 36); unpaired surrogates. */
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|\p{Cs}/u;

const HOSTILE = ['\u001b[2J', '\u001b]0;title\u0007', '\u009b2J', '\r', '\b', '\n', '\t', '\u007f', '\u0085', '\u061c', '\u200b', '\u200f', '\u202e', '\u2067', '\u2028', '\ufeff', '\ud800', '\udc00'];
const outside = fc.string({ unit: fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), minLength: 1, maxLength: 12 });

/** What AWS and the DLQ processor answer, with each text that comes from outside; numbers are texts, too, as nobody checks the answer. */
function servicesOf(text: () => string): Services {
  const record = () => ({
    ...aRecord(aPayment({ account_id: text(), beneficiary_id: text(), reference: text(), metadata: { [text()]: text() } }), {
      transaction_id: text(), timestamp: text(), payment_status: text() as 'FAILED', failure_code: text() as 'INVALID_JSON', failure_message: text(), dead_lettered_at: text(), release_id: text(), history_omitted: text() as unknown as number,
      fraud: { decision: text() as 'approve', score: text() as unknown as number, reasons: [text(), text()] },
      history: [{ status: text() as 'FAILED', at: text(), attempt: text() as unknown as number, request_id: text(), release_id: text(), reason: text() }],
    }),
  });
  const count = () => text() as unknown as number;
  const analysis = () => ({
    action: 'analyze', summary: text(), failedPayments: count(), byFailureCode: { [text()]: count() }, byRelease: { [text()]: 1 }, byAge: { [text()]: 1 }, accounts: count(),
    byAccount: [{ accountHash: text(), failed: count(), exampleTransactionId: text() }], firstSeen: text(), lastSeen: text(),
    heldAccounts: { count: 3, more: false, longest: [{ accountHash: text(), since: text(), waiting: 1, waitsFor: { transactionId: text(), state: text(), failureCode: text() } }] },
    patterns: [{ kind: text(), subject: text(), failed: count(), exampleTransactionId: text(), whatToDo: text() }], alerted: [text()], alertError: text(),
    deadLetters: { visible: count(), inFlight: count() }, sample: { messages: 1, counts: { [text()]: 1 } }, more: true, stoppedBy: text(),
  });
  const worked = () => ({
    action: 'redrive', dryRun: false, seen: 1, redriven: 1, discarded: 0, settled: 1, left: { wouldFailAgain: 1, waiting: 1, discardedBefore: 0, conflicting: 0, unreadable: 1, incomplete: 1, notSelected: 0 },
    leftIds: { wouldFailAgain: [text()], waiting: [text()], unreadable: Array.from({ length: 12 }, text) }, waitsFor: [text()], unreachable: [text()], notFound: [text()], errors: { [text()]: 1 }, deadLetters: null, more: false,
  });
  return {
    payments: {
      place: text(),
      read: () => Promise.resolve(record()),
      held: () => Promise.resolve([{ transactionId: text(), sequenceNumber: '1', fingerprintStart: 'a' }] as never),
      heldAccounts: () => Promise.resolve({ count: 2, more: false, oldest: [{ account_id: text(), since: text() }] }),
      count: () => Promise.resolve({ count: count(), more: false }),
      failed: async function* () { yield [await Promise.resolve(record())]; },
    },
    dlqProcessor: { invoke: ({ action }) => Promise.resolve(action === 'analyze' ? analysis() : worked()) },
    queues: () => Promise.resolve([1, 2].map(() => ({ name: text(), visible: count(), in_flight: count(), oldest_seconds: count() }))),
    functions: () => Promise.resolve([1, 2].map(() => ({ name: text(), state: text(), last_update: text(), last_modified: text(), release_id: text() }))),
    alarms: () => Promise.resolve([1, 2].map(() => ({ name: text(), state: 'ALARM', since: text(), description: text() }))),
    accountHash: () => Promise.resolve({ unknown: text() }),
    throughput: () => Promise.reject(new Error('no metrics are asked for')),
    producer: () => Promise.resolve({
      async *stream(payments: AsyncIterable<never>) {
        for await (const payment of payments) yield { payment, status: 'refused', code: text(), reason: text() };
      },
    } as never),
    close: () => undefined,
  };
}

const options = { limit: 9 };
const payments = fileOf(JSON.stringify(aPayment()));
type Run = (services: Services, look: { full: boolean; colours: ReturnType<typeof colours> }, terminal: InterruptibleTerminal) => Promise<Answer>;

const COMMANDS: Readonly<Record<string, Run>> = {
  payment: (services, look) => showPayment('tx-1', services, look),
  failed: (services, look) => listFailed(options, services, look),
  analyze: (services, look) => analyze({}, services, look),
  status: (services, look) => showStatus(services, look),
  'redrive, looked at': (services, look, terminal) => work({ action: 'redrive' }, { dryRun: true }, services, look, terminal),
  'redrive, asked': (services, look, terminal) => work({ action: 'redrive' }, {}, services, look, terminal),
  'redrive, done': (services, look, terminal) => work({ action: 'redrive' }, { yes: true }, services, look, terminal),
  send: (services, look, terminal) => send(payments, { warnAbove: 0 }, services, look, terminal),
};

/** All that a command writes for a person, and the same command's JSON. */
async function written(run: Run, text: () => string, coloured: boolean) {
  const terminal = terminalOf({ typed: 'n\n' });
  const answer = await interruptible(terminal, (one) => run(servicesOf(text), { full: true, colours: colours(coloured) }, one));
  const typed = terminal.stderr.text.replaceAll('\r\n', '\n'); // a terminal's echo of Enter
  return { text: `${typed}\n${answer.text?.toString() ?? ''}`, json: answer.json };
}

/** What the program itself writes: colours, line breaks, and Node's own cursor moves at a question. */
const ownOf = (text: string) => ({ codes: (text.match(/\u001b\[\d*[A-Za-z]/g) ?? []).map((code) => code.replace(/\d+G$/, 'G')), lines: text.split('\n').length });

test.each(Object.entries(COMMANDS))('%s: no text from outside moves the cursor, changes the colour or begins a line', async (_name, run) => {
  const [plain, coloured] = await Promise.all([false, true].map(async (one) => ownOf((await written(run, () => 'x', one)).text)));
  await fc.assert(
    fc.asyncProperty(fc.array(outside, { minLength: 1, maxLength: 8 }), fc.boolean(), async (texts, isColoured) => {
      let next = 0;
      const { text, json } = await written(run, () => texts[next++ % texts.length]!, isColoured);
      expect(ownOf(text)).toEqual(isColoured ? coloured : plain);
      expect(stripVTControlCharacters(text)).not.toMatch(OBEYED);
      const shown = String(shownJson(json, 2));
      expect(shown).not.toMatch(OBEYED);
      expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(json)));
    }),
    { numRuns: 12 },
  );
});

describe('watch', () => {
  test.each([['a line a look', {}], ['JSON', { json: true }], ['a screen', { rows: 60 }]])('as %s', async (_how, { rows, json }: { rows?: number; json?: boolean }) => {
    const look = { full: true, colours: colours(false) };
    await fc.assert(
      fc.asyncProperty(fc.array(outside, { minLength: 1, maxLength: 8 }), async (texts) => {
        let next = 0;
        const services = servicesOf(() => texts[next++ % texts.length]!);
        const signals = terminalOf().signals;
        const terminal = terminalOf({ signals, onWritten: () => signals.emit('SIGINT'), ...(rows !== undefined && { rows }) });
        const { text } = await interruptible(terminal, (one) => watch({ interval: 1, ...(json && { json }) }, services, look, one));
        const own = terminal.stdout.text.replaceAll(/\u001b\[(\?\d+[hl]|\d*[A-Z]|\d+;\d+H)/g, '');
        expect(own + (text?.toString() ?? '')).not.toMatch(OBEYED);
      }),
      { numRuns: 10 },
    );
  });

  test('a failure between two looks', () => {
    const terminal = terminalOf();
    viewFor({ interval: 1 }, { full: true, colours: colours(false) }, terminal).fail('gone \u001b[2J\nAll is well.', {} as never);
    expect(terminal.stdout.text).toMatch(/gone \\x1b\[2J\\nAll is well\.\n$/);
  });
});

describe('what a person has typed, and what AWS answers to it, comes back escaped', () => {
  test.each([
    ['an option', ['payment', '--\u001b[2J'], /unknown option '--\\x1b\[2J'/],
    ['a command', ['pay\u202ement'], /unknown command 'pay\\u202ement'/],
    ['a file of outputs', ['payment', 'tx-1', '--outputs', '/none\u001b[2J\n.json'], /\/none\\x1b\[2J\\n\.json cannot be read/],
  ])('%s', async (_what, args, sentence) => {
    const { code, stderr } = await runOps(args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(sentence) as string });
    expect(stderr).not.toMatch(OBEYED);
  });
});

test('an error of a call is a sentence on one line', () => {
  expect(escaped(new AwsCallError('gone \u009b2J\r\n').message)).toBe('gone \\x9b2J\\r\\n');
});

test.each([
  ['\u001b', '\\x1b'], ['\u009b', '\\x9b'], ['\u007f', '\\x7f'], ['\n', '\\n'], ['\t', '\\t'], ['\u202e', '\\u202e'], ['\u2066', '\\u2066'], ['\u200e', '\\u200e'], ['\u061c', '\\u061c'],
  ['\ufeff', '\\ufeff'], ['\u2028', '\\u2028'], ['\ud83d', '\\ud83d'], ['\u{e0041}', '\\u{e0041}'], ['é 漢 👍', 'é 漢 👍'],
])('%j is shown as %s', (text, expected) => {
  expect(escaped(text)).toBe(expected);
});
