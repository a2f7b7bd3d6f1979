import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PaymentLine, readPaymentFile } from '../../src/cli/payment-file';
import { UsageError } from '../../src/cli/command-error';
import { newDirectory } from '../../tools/kit/new-directory';
import { aPayment } from '../../tools/kit/payments/payments';

const directory = newDirectory();

/** Bytes that Node reads from a file at once. */
const CHUNK = 65_536;

const payment = (transaction_id: string, reference = 'rent') => aPayment({ transaction_id, reference });
const json = (transaction_id: string, reference?: string) => JSON.stringify(payment(transaction_id, reference));

const ENCODINGS = {
  'UTF-8': (text: string) => Buffer.from(text),
  'UTF-8 with a byte order mark': (text: string) => Buffer.from(`\uFEFF${text}`),
  'UTF-16 LE with a byte order mark, as Windows PowerShell writes it': (text: string) =>
    Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16 BE with a byte order mark': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
} as const;
const encodings = Object.entries(ENCODINGS);
const utf16 = encodings.slice(2);

async function read(content: string | Buffer): Promise<PaymentLine[]> {
  const file = join(directory, `${Math.random()}.jsonl`);
  writeFileSync(file, content);
  const lines: PaymentLine[] = [];
  for await (const line of readPaymentFile(file)) lines.push(line);
  return lines;
}

/** Each line's number, with its payment's id or why it is refused. */
async function summary(content: string | Buffer): Promise<[line: number, what: string][]> {
  return (await read(content)).map((one) => [
    one.line,
    'payment' in one ? one.payment.transaction_id : one.fault.faults.join(),
  ]);
}

const NOT_UTF8 = 'it is not valid UTF-8';
const NOT_UTF16 = 'it is not valid UTF-16';
const NOT_JSON = 'it is not JSON';

test.each(encodings)(
  '%s: payments, with lines that end in \\n or \\r\\n, the last with or without an end',
  async (_name, encode) => {
    const references = ['Café 💶 𠮷', 'plain', 'Zürich \uFFFD'];
    for (const [end, last] of [
      ['\n', '\n'],
      ['\n', ''],
      ['\r\n', '\r\n'],
      ['\r\n', ''],
    ]) {
      const text = references.map((reference, index) => json(`t${index}`, reference)).join(end) + last!;
      expect(await read(encode(text))).toEqual(
        references.map((reference, index) => ({ line: index + 1, payment: payment(`t${index}`, reference) })),
      );
    }
  },
);

test.each(encodings)('%s: blank lines are skipped, and counted in the line numbers', async (_name, encode) => {
  expect(await summary(encode(`\n \t\r\n${json('a')}\n\n\r\n  ${json('b')}  \nno payment\n\n`))).toEqual([
    [3, 'a'],
    [6, 'b'],
    [7, NOT_JSON],
  ]);
});

test.each(['\u2028', '\u2029', '\u0085', '\u000B', '\u000C', '\u00A0', '\u200B'])(
  'a line that holds nothing but %j is not blank',
  async (character) => {
    expect(await summary(`${json('a')}\n${character}\n${json('b')}`)).toEqual([
      [1, 'a'],
      [2, NOT_JSON],
      [3, 'b'],
    ]);
  },
);

test.each(encodings)('%s: nothing but \\n and \\r\\n ends a line', async (_name, encode) => {
  for (const character of ['\u2028', '\u2029', '\u0085', '\u007F', '\u0A0A', '\u0A00']) {
    expect(await read(encode(`${json('a', `x${character}y`)}\n${json('b')}`))).toEqual([
      { line: 1, payment: payment('a', `x${character}y`) },
      { line: 2, payment: payment('b') },
    ]);
  }
  for (const character of ['\r', '\u000B', '\u000C', '\u001E', '\u2028', '\u0085']) {
    expect(await summary(encode(`${json('a')}${character}${json('b')}\n${json('c')}`))).toEqual([
      [1, NOT_JSON],
      [2, 'c'],
    ]);
  }
  // JSON takes these as white space, so a payment may be written over several of them.
  expect(await summary(encode(`${json('a').replace('{', '{\r')}\r\n${json('b')}`))).toEqual([
    [1, 'a'],
    [2, 'b'],
  ]);
});

test('files that were put one behind the other: a byte order mark starts a line, too', async () => {
  expect(await summary(`\uFEFF${json('a')}\n\uFEFF${json('b')}\n\uFEFF\n${json('c')}`)).toEqual([
    [1, 'a'],
    [2, 'b'],
    [4, 'c'],
  ]);
  expect(await summary(`\uFEFF\uFEFF${json('a')}\n${json('b')}\uFEFF`)).toEqual([
    [1, NOT_JSON],
    [2, NOT_JSON],
  ]);
});

describe('bytes that are not UTF-8 make a bad line, and no other (RFC 3629, section 3)', () => {
  test.each<[what: string, bytes: readonly number[]]>([
    ['a letter of Latin-1', [0xe9]],
    ['a byte that continues nothing', [0x80]],
    ['a character cut short', [0xe2, 0x82]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong NUL', [0xc0, 0x80]],
    ['half of a surrogate pair (CESU-8)', [0xed, 0xa0, 0xbd]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a byte order mark of UTF-16', [0xff, 0xfe]],
  ])('%s', async (_what, bytes) => {
    const [before, after] = json('bad', 'Caf|').split('|') as [string, string];
    const bad = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
    const lines = Buffer.concat([Buffer.from(`${json('a')}\n`), bad, Buffer.from(`\r\n${json('b')}\n`), bad]);
    expect(await summary(lines)).toEqual([
      [1, 'a'],
      [2, NOT_UTF8],
      [3, 'b'],
      [4, NOT_UTF8],
    ]);
    expect((await read(lines))[1]).toMatchObject({ fault: { code: 'INVALID_JSON' } });
  });

  test('outside of texts, and as the only byte', async () => {
    expect(await summary(Buffer.from([0xff]))).toEqual([[1, NOT_UTF8]]);
    expect(await summary(Buffer.concat([Buffer.from(json('a')), Buffer.from([0xa0])]))).toEqual([[1, NOT_UTF8]]);
  });

  test('the words hold nothing of the line', async () => {
    const [line] = await read(Buffer.from(json('secret-1', 'Caf\u00e9'), 'latin1'));
    expect(line).toMatchObject({ fault: { message: expect.not.stringMatching(/secret-1|Caf/) } });
  });
});

describe('UTF-16', () => {
  test.each(utf16)('%s: half of a surrogate pair makes a bad line, and no other', async (_name, encode) => {
    for (const half of ['\ud83d', '\udcb6', '\udcb6\ud83d']) {
      expect(await summary(encode(`${json('a')}\n${json('bad').replace('rent', half)}\n${json('b')}`))).toEqual([
        [1, 'a'],
        [2, NOT_UTF16],
        [3, 'b'],
      ]);
    }
  });

  test.each(utf16)('%s: an odd byte at the end makes the last line bad', async (_name, encode) => {
    expect(await summary(Buffer.concat([encode(`${json('a')}\n${json('b')}`), Buffer.from('}')]))).toEqual([
      [1, 'a'],
      [2, NOT_UTF16],
    ]);
    expect(await summary(Buffer.concat([encode(`${json('a')}\n`), Buffer.from(' ')]))).toEqual([
      [1, 'a'],
      [2, NOT_UTF16],
    ]);
  });

  test('without a byte order mark it is bad lines, not other payments', async () => {
    expect(
      (await summary(Buffer.from(`${json('a')}\n${json('b')}`, 'utf16le'))).every(([, what]) => what === NOT_JSON),
    ).toBe(true);
  });
});

test.each(encodings)('%s: a character or a line end may lie across two reads of the file', async (_name, encode) => {
  for (let shift = 0; shift <= 8; shift++) {
    // The reference's end, and the line's, go byte by byte over the border of the first read.
    const fill = encode(json('first', '')).length;
    const letters = Math.floor((CHUNK - fill) / (encode('aa').length - encode('a').length)) - 8 + shift;
    const first = `${' '.repeat(letters)}${json('first', '€💶')}\r\n${json('second', '€')}`;
    expect(await read(encode(first))).toEqual([
      { line: 1, payment: payment('first', '€💶') },
      { line: 2, payment: payment('second', '€') },
    ]);
  }
});

test.each(encodings)(
  '%s: a line longer than SQS takes is bad, however long, and the next ones are read',
  async (_name, encode) => {
    const long = (length: number) => `${json('long').slice(0, -1)}${' '.repeat(length - json('long').length)}}`;
    const reason = 'it is longer than 1 MiB, more than SQS carries';
    expect(
      await summary(encode(`${json('a')}\n${long(1_048_576)}\n${long(1_048_577)}\n${json('b')}\n${long(4_000_000)}`)),
    ).toEqual([
      [1, 'a'],
      [2, 'long'],
      [3, reason],
      [4, 'b'],
      [5, reason],
    ]);
  },
);

test.each([
  ['nothing', ''],
  ['white space', ' \n\r\n\t'],
  ['a byte order mark', '\uFEFF'],
  ['one byte', '\n'],
])('a file that holds %s is empty', async (_what, content) => {
  await expect(read(content)).rejects.toThrow(
    new RegExp(`${directory}.* is empty: give a file of JSON lines, one payment each`),
  );
  await expect(read(content)).rejects.toThrow(UsageError);
});

test.each([
  ['a file that is not there', join(directory, 'none.jsonl'), 'ENOENT'],
  ['a directory', directory, 'EISDIR'],
])('%s cannot be read', async (_what, file, code) => {
  const reading = readPaymentFile(file).next();
  await expect(reading).rejects.toThrow(
    `${file} cannot be read (${code}): give a file of JSON lines, one payment each.`,
  );
  await expect(reading).rejects.toThrow(UsageError);
});

test('unknown fields are named when they look like mistyped ones', async () => {
  const withFields = (...names: string[]) =>
    JSON.stringify({ ...payment('t1'), ...Object.fromEntries(names.map((name) => [name, 1])) });
  const lines = [
    withFields('refrence', 'amuont'),
    withFields('4111111111111111', 'a'.repeat(33)),
    withFields('a', 'b', 'c', 'd', 'e', 'f'),
    '{"amount":0,"toString":1}',
  ];

  expect((await summary(lines.join('\n'))).map(([, faults]) => faults)).toEqual([
    'an unknown field is given,unknown: refrence, amuont',
    'an unknown field is given',
    'an unknown field is given,unknown: a, b, c, d, e and 1 more',
    expect.stringMatching(/amount must be at least 1.*unknown: toString$/) as string,
  ]);
});
