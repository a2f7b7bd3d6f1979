import {
  InvalidPaymentError,
  maskCardNumbers,
  parseFraudAnswer,
  parsePaymentMessage,
  UnreadableAnswerError,
} from '../../src/contract';
import { aBody } from '../../tools/kit/payments/payments';
import { thoroughTest } from '../../tools/kit/thorough';

/** The longest body that the payment queue accepts. */
const BODY = 261_120;
/** The longest part of the fraud API's answer that is read. */
const ANSWER = 65_536;

const repeated = (piece: string) => (size: number) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
const numbered = (size: number, write: (at: number) => string) =>
  Array.from({ length: Math.ceil(size / write(1_000).length) }, (_, at) => write(at)).join(',');

/** Texts that make a parser backtrack, by their size. */
const FAMILIES: Readonly<Record<string, (size: number) => string>> = {
  ...Object.fromEntries(
    [
      '4',
      '4 ',
      '4-',
      '4. ',
      '4\n',
      '4\u2013',
      '4\ud803\udead',
      '41 ',
      '411 ',
      '4111 ',
      '41111 ',
      '4111111 ',
      '4111-1111-1111-1111 ',
      '4222222222222 ',
      '4000 0000 0000 0000 006 ',
      '37828 22463 10005 ',
      '0000 ',
      '1,',
      '1e1,',
      '\\',
      '\\u0034',
      '\\u0034\\t',
      '4\\u0020',
      '"',
      '""',
      '"\\u0061",',
      '[',
      '[],',
      '{"a":',
      '"a":[],',
      ' ',
      'A',
      'A0',
      '0A ',
      'A1 ',
      'AA11 ',
      '\ud83d\ude00',
      '4\ufffd',
      'A1',
      'AA00 4222222222222 ',
      'DK50 0040 0440 1162 43 ',
      'RF18',
      'RF18 ',
      'RF18 4 ',
      'RF18 5390 ',
      'RF18 5390 0754 7034 ',
      'RF18 4222 2222 2222 2 ',
      'DE89',
      'DE89 ',
      'DE89-',
      'D E89 ',
      'DE89 3704 ',
      'DE89 3704 0044 0532 0130 00 ',
      'IBANDE89 ',
      'MT84 M ',
      'LC11 A ',
      '4222222222222 GB29 ',
      '00 00000 ',
      '21 00000 00003 13947 14300 09017 ',
      '21 00000 00003 13947 14300 09017 4 ',
      '5493001KJTIIGC8Y1R12 ',
      '"4000000000000000006",',
      'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1 ',
    ].map((piece) => [JSON.stringify(piece), repeated(piece)]),
  ),
  'keys of one object': (size) => `{${numbered(size, (at) => `"x${at}":1`)}}`,
  'numbers as keys': (size) => `{${numbered(size, (at) => `"${(at * 1_000_003) % 4_294_967_295}":1`)}}`,
  'one key, again and again': (size) => `{${repeated('"a":[],')(size - (size % 7))}"a":1}`,
  'a deep value, again and again': (size) =>
    `{${numbered(size, () => `"a":${'['.repeat(500)}${']'.repeat(500)}`)},"a":1}`,
  'a number of many digits': (size) => aBody({ amount: `1${'0'.repeat(size)}` }),
  'an amount with a fraction of zeros': (size) => aBody({ amount: `1.${'0'.repeat(size)}1` }),
  'an exponent': (size) => aBody({ amount: `1e1${'0'.repeat(size)}` }),
  'an id': (size) => aBody({ transaction_id: `"${'4'.repeat(size)}"` }),
  'a fraction of a second': (size) => aBody({ requested_at: `"2026-07-01T00:00:00.${'0'.repeat(size)}Z"` }),
  'a reference': (size) => aBody({ reference: `"${'4 '.repeat(size / 2)}"` }),
  'values of metadata': (size) => aBody({ metadata: `{${numbered(size, (at) => `"x${at}":"4"`)}}` }),
  'numbers in metadata': (size) => aBody({ metadata: `{${numbered(size, (at) => `"x${at}":4`)}}` }),
  'digits in metadata': (size) =>
    aBody({ metadata: `{${numbered(size, (at) => `"${at}${'4 '.repeat(120)}":"${'4 '.repeat(128)}"`)}}` }),
  'identifiers in metadata': (size) =>
    aBody({ metadata: `{${numbered(size, (at) => `"${at}":"${'4222222222222 GB29 '.repeat(13)}"`)}}` }),
  'unknown fields': (size) => aBody().replace(/\}$/, `,${numbered(size, (at) => `"x${at}":1`)}}`),
};

/** The cost of an invalid message: it is read, and its copy is masked. */
function quarantine(body: string): void {
  try {
    parsePaymentMessage(body);
  } catch (error) {
    if (!(error instanceof InvalidPaymentError)) throw error;
  }
  maskCardNumbers(body);
}

function read(answer: string): void {
  try {
    parseFraudAnswer(answer);
  } catch (error) {
    if (!(error instanceof UnreadableAnswerError)) throw error;
  }
}

/** Milliseconds of CPU: the least of some, as the first ones compile, and the garbage of others is collected at any time. */
function cpuOf(work: () => void, times = 4): number {
  const used = Array.from({ length: times }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...used);
}

const READINGS = 20;

/** A measure that is as slow as the machine: reads each character of the largest body twenty times. */
function readTwentyTimes(text: string): number {
  let sum = 0;
  for (let reading = 0; reading < READINGS; reading++) {
    for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) | 0;
  }
  return sum;
}

const LARGEST = 'A'.repeat(BODY);

/** 0.05 to 7 in four runs; a search that starts again at each place cost 15 to 60. */
const MOST_COST = 12;

/** How many times as much CPU as twenty readings, measured side by side: once if that is little enough, else the least of some, for the same reasons. */
function costOf(work: () => void, times = 4): number {
  let least = Infinity;
  for (let measured = 0; measured < times && least >= MOST_COST; measured++) {
    least = Math.min(
      least,
      cpuOf(work, 1) /
        cpuOf(() => {
          readTwentyTimes(LARGEST);
        }, 1),
    );
  }
  return least;
}

test.each(Object.entries(FAMILIES))(
  'a body of %s costs no more CPU than a few hundred readings of it [G10]',
  (_name, family) => {
    const body = family(BODY);
    expect(body.length).toBeGreaterThan(BODY * 0.9);
    expect(
      costOf(() => {
        quarantine(body);
      }),
    ).toBeLessThan(MOST_COST);
  },
);

/** A quadratic search would cost 64 times as much. */
const MOST_GROWTH = 40;

thoroughTest.each(Object.entries(FAMILIES))(
  'eight times as much of %s costs about eight times as much',
  (_name, family) => {
    const [part, whole] = [family(65_536), family(524_288)];
    const unit = Math.max(
      1,
      cpuOf(() => {
        quarantine(part);
      }, 2),
    );
    const ofWhole = (times: number) =>
      cpuOf(() => {
        quarantine(whole);
      }, times);
    const once = ofWhole(1);
    expect((once / unit < MOST_GROWTH ? once : ofWhole(4)) / unit).toBeLessThan(MOST_GROWTH);
  },
);

const answers = {
  ...Object.fromEntries(
    Object.entries(FAMILIES).map(([name, family]) => [
      `one reason of ${name}`,
      JSON.stringify({ decision: 'approve', score: 0, reasons: [family(ANSWER)] }),
    ]),
  ),
  'many reasons': JSON.stringify({
    decision: 'approve',
    score: 0,
    reasons: Array.from({ length: ANSWER / 3 }, () => ''),
  }),
  'many card numbers': JSON.stringify({
    decision: 'approve',
    score: 0,
    reasons: Array.from({ length: ANSWER / 19 }, () => '4222222222222222'),
  }),
  'many fields': `{${numbered(ANSWER, (at) => `"x${at}":1`)}}`,
};

test.each(Object.entries(answers))('an answer of the fraud API with %s costs no more either', (_name, answer) => {
  expect(
    costOf(() => {
      read(answer);
    }),
  ).toBeLessThan(MOST_COST);
});
