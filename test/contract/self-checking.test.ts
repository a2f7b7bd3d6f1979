import fc from 'fast-check';
import { holdsCardNumber, maskCardNumbers } from '../../src/contract';
import { aBody } from '../../tools/kit/payments/payments';
import { refusal } from '../../tools/kit/payments/refusal';

/** Country and BBAN structure: IBAN registry of SWIFT, release 101 (n digits, a capital letters, c either). */
const IBAN_STRUCTURES = `
  AD 4n4n12c, AE 3n16n, AL 8n16c, AT 5n11n, AZ 4a20c, BA 3n3n8n2n, BE 3n7n2n, BG 4a4n2n8c, BH 4a14c, BI 5n5n11n2n, BR 8n5n10n1a1c, BY 4c4n16c,
  CH 5n12c, CR 4n14n, CY 3n5n16c, CZ 4n16n, DE 8n10n, DJ 5n5n11n2n, DK 4n9n1n, DO 4c20n, EE 2n14n, EG 4n4n17n, ES 4n4n1n1n10n, FI 3n11n, FK 2a12n,
  FO 4n9n1n, FR 5n5n11c2n, GB 4a6n8n, GE 2a16n, GI 4a15c, GL 4n9n1n, GR 3n4n16c, GT 4c20c, HN 4a20n, HR 7n10n, HU 3n4n1n15n1n, IE 4a6n8n, IL 3n3n13n,
  IQ 4a3n12n, IS 4n2n6n10n, IT 1a5n5n12c, JO 4a4n18c, KW 4a22c, KZ 3n13c, LB 4n20c, LC 4a24c, LI 5n12c, LT 5n11n, LU 3n13c, LV 4a13c, LY 3n3n15n,
  MC 5n5n11c2n, MD 2c18c, ME 3n13n2n, MK 3n10c2n, MN 4n12n, MR 5n5n11n2n, MT 4a5n18c, MU 4a2n2n12n3n3a, NI 4a20n, NL 4a10n, NO 4n6n1n, OM 3n16c,
  PK 4a16c, PL 8n16n, PS 4a21c, PT 4n4n11n2n, QA 4a21c, RO 4a16c, RS 3n13n2n, RU 9n5n15c, SA 2n18c, SC 4a2n2n16n3a, SD 2n12n, SE 3n16n1n, SI 5n8n2n,
  SK 4n6n10n, SM 1a5n5n12c, SO 4n3n12n, ST 4n4n11n2n, SV 4a20n, TL 3n14n2n, TN 2n3n13n2n, TR 5n1n16c, UA 6n19c, VA 3n15n, VG 4a16n, XK 4n10n2n, YE 4a4n18c`
  .split(',')
  .map((entry) => entry.trim().split(' ') as [country: string, structure: string]);

const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ALPHABETS: Readonly<Record<string, string>> = { n: DIGITS, a: LETTERS, c: DIGITS + LETTERS };

const characters = (alphabet: string, minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
/** Account numbers are digits in most countries, also where letters are allowed: those are what may look like a card. */
const bban = (structure: string) =>
  fc
    .tuple(
      ...[...structure.matchAll(/(\d+)([nac])/g)].map(([, count, kind]) =>
        kind === 'c'
          ? fc.oneof(characters(DIGITS, Number(count)), characters(ALPHABETS.c!, Number(count)))
          : characters(ALPHABETS[kind!]!, Number(count)),
      ),
    )
    .map((parts) => parts.join(''));

/** ISO/IEC 7064, MOD 97-10: two digits that complete the text, behind it. */
function checkDigits(text: string): string {
  const number = [...`${text}00`].map((character) => parseInt(character, 36)).join('');
  return String(98n - (BigInt(number) % 97n)).padStart(2, '0');
}
const withHead = (head: string, body: string) => `${head}${checkDigits(body + head)}${body}`;

const ibans = (country: string, structure: string) => bban(structure).map((body) => withHead(country, body));
const references = characters(DIGITS, 1, 21)
  .chain((digits) => fc.oneof(fc.constant(digits), characters(ALPHABETS.c!, 1, 21)))
  .map((body) => withHead('RF', body));
const leis = fc
  .oneof(
    characters(ALPHABETS.c!, 18),
    fc.tuple(characters(LETTERS, 1), characters(DIGITS, 17)).map((parts) => parts.join('')),
  )
  .map((body) => body + checkDigits(body));
/** 26 digits and their check digit, modulo 10 recursive: Swiss Implementation Guidelines QR-bill, annex B. */
const qrReferences = characters(DIGITS, 26).map(
  (digits) =>
    digits +
    String(
      (10 - [...digits].reduce((carry, digit) => [0, 9, 4, 6, 8, 2, 7, 1, 3, 5][(carry + Number(digit)) % 10]!, 0)) %
        10,
    ),
);

const inFours = (text: string, separator: string) => text.match(/.{1,4}/g)!.join(separator);
const SEPARATORS = ['', ' ', '\u00a0', '\u202f', '\u2009', '-', '\u2013', '.', '\n'];
const SURROUNDINGS = [
  ['', ''],
  ['IBAN: ', ', thanks'],
  ['(', ')'],
  ['to ', ' for rent'],
  ['"', '"'],
  ['x;', '/1'],
] as const;

/** No way to print it looks like a card. */
function isAccepted(printed: string, ...more: (readonly [before: string, after: string])[]): void {
  for (const text of [printed, printed.toLowerCase()]) {
    for (const [before, after] of [...SURROUNDINGS, ...more]) {
      const held = before + text + after;
      // A hundred thousand texts: an expectation of each would take longer than the code under test.
      if (holdsCardNumber(held) || maskCardNumbers(held) !== held)
        throw new Error(`${JSON.stringify(held)} is taken for a card number`);
    }
  }
}

const RUNS = { numRuns: 60, seed: 1 };

test.each(IBAN_STRUCTURES)('IBANs of %s are no card numbers, electronic or printed', (country, structure) => {
  fc.assert(
    fc.property(ibans(country, structure), fc.constantFrom(...SEPARATORS), (iban, separator) => {
      isAccepted(inFours(iban, separator), ['IBAN', '']);
    }),
    RUNS,
  );
});

test.each([
  ['ISO 11649 references', references],
  ['legal entity identifiers (ISO 17442)', leis],
])('%s are no card numbers, electronic or printed', (_kind, identifiers) => {
  fc.assert(
    fc.property(identifiers, fc.constantFrom(...SEPARATORS), (identifier, separator) => {
      isAccepted(_kind.startsWith('ISO') ? inFours(identifier, separator) : identifier);
    }),
    { numRuns: 800, seed: 1 },
  );
});

test('Swiss QR references are no card numbers, bare or printed: two digits and five groups of five', () => {
  fc.assert(
    fc.property(qrReferences, fc.constantFrom('', ' ', '\u00a0', '\u202f'), (reference, separator) => {
      isAccepted([reference.slice(0, 2), ...reference.slice(2).match(/.{5}/g)!].join(separator));
    }),
    { numRuns: 800, seed: 1 },
  );
});

test.each([
  'DK50 0040 0440 1162 43',
  'RF59 7739 1984 8408 6029 9109 9',
  'RF44 7739 1984 8408 6029 9109 9',
  'RF18 5390 0754 7034',
  '21 00000 00003 13947 14300 09017',
  'CI93 CI00 8011 1301 1342 9120 0589',
  'GB29 NWBK 6016 1331 9268 19',
  'CH44 3199 9123 0008 8901 2',
  'MT84 MALT 0110 0001 2345 MTLC AST0 01S',
  '+++090/9337/55493+++',
  'CH44 3199 9123 0008 8901 2, 21 00000 00003 13947 14300 09017',
  'from DK50 0040 0440 1162 43 to RF59 7739 1984 8408 6029 9109 9',
])('%s is none', (text) => {
  expect(holdsCardNumber(text)).toBe(false);
  expect(() => refusal(aBody({ reference: JSON.stringify(text) }))).toThrow('The body was accepted.');
  expect(() => refusal(aBody({ metadata: JSON.stringify({ [text]: text }) }))).toThrow('The body was accepted.');
});

test.each([
  ['PK', 'ABCDABC4222222222222'],
  ['PS', 'ABCDABCDEFGH4222222222222'],
  ['BY', 'AK1B3600ABC4222222222222'],
  ['DO', 'A1CD41111111111111110000'],
])('an IBAN of %s has letters and digits where the registry allows both, and is no card', (country, body) => {
  isAccepted(inFours(withHead(country, body), ' '));
  isAccepted(withHead(country, body));
});

test('an ISO 11649 reference has up to 25 characters', () => {
  isAccepted(inFours(withHead('RF', '411111111111111112345'), ' '));
  expect(holdsCardNumber(inFours(withHead('RF', '4111111111111111123456'), ' '))).toBe(true);
});

const CARDS = [
  '4222222222222',
  '4111111111111111',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '6011111111111117',
  '30569309025904',
  '3530111333300000',
  '6200000000000005',
  '4000000000000000006',
];
const writtenCards = fc
  .tuple(fc.constantFrom(...CARDS), fc.constantFrom('', ' ', '-', '\u00a0'))
  .map(([card, separator]) => inFours(card, separator));
const anyIban = fc.constantFrom(...IBAN_STRUCTURES).chain(([country, structure]) => ibans(country, structure));
const anyIdentifier = fc
  .tuple(fc.oneof(anyIban, references), fc.constantFrom('', ' '))
  .map(([identifier, separator]) => inFours(identifier, separator));
const between = fc.constantFrom(' ', ', ', ' and ', '/', ' - ', '\n', '; card ', ' (');
/** What is left, and nothing of the card. */
const isMasked = (text: string, card: string) => {
  expect(maskCardNumbers(text)).not.toContain(card);
};

test('a card number beside an identifier stays one, before it and behind it', () => {
  fc.assert(
    fc.property(anyIdentifier, between, writtenCards, (identifier, gap, card) => {
      // An identifier of eight characters or less and a card may be one longer reference of the same kind, once in 97 times.
      fc.pre(identifier.length > 12);
      for (const text of [
        identifier + gap + card,
        card + gap + identifier,
        `${identifier}${gap}${card}${gap}${identifier}`,
      ]) {
        expect([text, holdsCardNumber(text)]).toEqual([text, true]);
        isMasked(text, card);
      }
    }),
    { numRuns: 1_500, seed: 1 },
  );
});

test('masked is the card alone', () => {
  expect(maskCardNumbers('DK50 0040 0440 1162 43 4111 1111 1111 1111')).toBe(
    'DK50 0040 0440 1162 43 **** **** **** ****',
  );
  expect(maskCardNumbers('4111-1111-1111-1111 RF59 7739 1984 8408 6029 9109 9')).toBe(
    '****-****-****-**** RF59 7739 1984 8408 6029 9109 9',
  );
  expect(maskCardNumbers(String.raw`{"reference":"DK50\u00200040 0440 1162 43","x":"4111111111111111"}`)).toBe(
    String.raw`{"reference":"DK50\u00200040 0440 1162 43","x":"****************"}`,
  );
});

describe('a text that only resembles an identifier hides no card number', () => {
  const hidden = (text: string) => {
    expect([text, holdsCardNumber(text)]).toEqual([text, true]);
  };

  test('an IBAN with other check digits', () => {
    const wrong = fc.tuple(anyIban, fc.integer({ min: 1, max: 96 })).map(([identifier, off]) => {
      const digits = ((Number(identifier.slice(2, 4)) + off) % 97) + 2;
      return `${identifier.slice(0, 2)}${String(digits).padStart(2, '0')}${identifier.slice(4)}`;
    });
    let found = 0;
    fc.assert(
      fc.property(wrong, (identifier) => {
        const digitsAlone = holdsCardNumber(inFours(identifier, ' ').replace(/^../, '')); // no country, so no identifier
        const isSame =
          [...(identifier.slice(4) + identifier.slice(0, 4))].reduce(
            (rest, character) => Number(BigInt(`${rest}${parseInt(character, 36)}`) % 97n),
            0,
          ) === 1;
        fc.pre(!isSame);
        found += digitsAlone ? 1 : 0;
        expect([identifier, holdsCardNumber(inFours(identifier, ' '))]).toEqual([identifier, digitsAlone]);
      }),
      { numRuns: 800, seed: 1 },
    );
    expect(found).toBeGreaterThan(10);
  });

  test('references with other check digits', () => {
    for (const text of ['RF19 4111 1111 1111 1111', 'RF99 4111-1111-1111-1111']) hidden(text);
    hidden(withHead('RF', '123454111111111111111').replace(/(.{9})/, '$1 ')); // right ones, but a printed reference has groups of four
    hidden('RF4 2 22222222222'); // the two digits are one group in a printed reference
  });

  test.each(CARDS)('%s behind letters and digits of any kind', (card) => {
    for (const spaced of [card, inFours(card, ' '), inFours(card, '-')]) {
      for (const head of [
        'DE12',
        'ZZ12',
        'RF00',
        'RF',
        'GB',
        'IBAN',
        'no ',
        'de ',
        'BE 12 ',
        'xRF18 ',
        '(DE89) ',
        'DE89370400440532013000',
      ])
        hidden(`${head}: ${spaced}`);
    }
  });

  test('a country without IBANs, a wrong length, a wrong structure: each with right check digits', () => {
    hidden(inFours(withHead('ZZ', '4111111111111111'), ' '));
    hidden(inFours(withHead('US', '4111111111111111'), ' '));
    hidden(inFours(withHead('DE', '4111111111111111'), ' ')); // 20 characters, two too few
    hidden(inFours(withHead('NO', '4111111111111111'), ' ')); // five too many
    hidden(inFours(withHead('GB', '004111111111111111'), ' ').replace(' 00', ' 00 ')); // no letters of a bank
    hidden(inFours(withHead('NL', '4111111111111111').slice(0, 18), ' ') + '11');
  });

  test('check digits that ISO/IEC 7064 never makes: 00, 01 and 99 stand for the same rest as 97, 98 and 02', () => {
    for (const [made, neverMade] of [
      ['97', '00'],
      ['98', '01'],
      ['02', '99'],
    ] as const) {
      const body = Array.from(
        { length: 2_000 },
        (_, index) => `${String(index).padStart(4, '0')}4111111111111111`,
      ).find((digits) => checkDigits(`${digits}ES`) === made)!;
      expect(holdsCardNumber(inFours(`ES${made}${body}`, ' '))).toBe(false);
      hidden(inFours(`ES${neverMade}${body}`, ' '));
    }
  });

  test('a card that goes on behind an IBAN, or that a longer word holds', () => {
    // BE takes 16 characters: the first twelve digits of the card would be its end.
    const iban = withHead('BE', '411111111111');
    hidden(`${inFours(iban, ' ')} 1111`);
    hidden(`A${inFours(withHead('ES', '41111111111111110000'), ' ')}`);
    hidden(`${inFours(withHead('BE', '555555555555'), '-')}-4444`);
    // In the other groups that cards are written in: sixes, and the 4-6-4 of Diners Club.
    hidden(`${withHead('BE', '411111111111').replace(/(.{4})(.{6})/, '$1 $2 ')} 1111`);
    hidden(`${withHead('BE', '123056930902').replace(/(.{6})(.{4})/, '$1 $2 ')} 5904`);
  });

  test('a word that only begins with a legal entity identifier', () => {
    const prefix = Array.from(
      { length: 2_000 },
      (_, index) =>
        LETTERS[index % 26]! + LETTERS[Math.floor(index / 26) % 26]! + LETTERS[Math.floor(index / 676)]! + 'X',
    ).find((letters) => checkDigits(`${letters}41111111111111`) === '11')!;
    isAccepted(`${prefix}4111111111111111`);
    hidden(`${prefix}4111111111111111Y`);
  });

  test('27 digits that are not printed as a QR reference, or that its check digit does not complete', () => {
    const digits = '41111111111111110000000000';
    const check = [...'0123456789'].find(
      (digit) => !holdsCardNumber(`${digits.slice(0, 2)} ${(digits.slice(2) + digit).match(/.{5}/g)!.join(' ')}`),
    )!;
    hidden(inFours(digits + check, ' '));
    hidden(inFours(digits + check, '-'));
    // An American Express number in three groups of five, in each place that it may take.
    const groups = ['37828', '22463', '10005'];
    const wrong = [...'0123456789'].filter((digit) =>
      holdsCardNumber(['21', ...groups, '00000', `0000${digit}`].join(' ')),
    );
    expect(wrong).toHaveLength(9);
    const right = [...'0123456789'].find((digit) => !wrong.includes(digit))!;
    for (const more of ['1', 'A']) hidden(['21', ...groups, '00000', `0000${right}${more}`].join(' '));
  });
});
