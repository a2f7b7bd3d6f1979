import { holdsCardNumber, maskCardNumbers } from '../../src/contract';
import { aBody } from '../../tools/kit/payments/payments';
import { CARDS, checkDigits, expectNoCard, inFours, LETTERS, withHead } from '../../tools/kit/payments/identifiers';
import { refusal } from '../../tools/kit/payments/refusal';

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
  expectNoCard(inFours(withHead(country, body), ' '));
  expectNoCard(withHead(country, body));
});

test('an ISO 11649 reference has up to 25 characters', () => {
  expectNoCard(inFours(withHead('RF', '411111111111111112345'), ' '));
  expect(holdsCardNumber(inFours(withHead('RF', '4111111111111111123456'), ' '))).toBe(true);
});

test.each([
  ['a last group that is longer', 'BE96 4000 0000 0000 00006'],
  ['a group within that is shorter', 'BE03 12 4000 00 0000 0002'],
  ['a group within that is longer', 'BE30 123 4000 00000 0006'],
  ['groups of seven digits', 'BE46 12345 4000000 0000002'],
  ['a group of twelve digits', 'BE96 400000000000 0002'],
  ['two kinds of separators', 'BE96 4000 0000 0000-0002'],
  ['4-6-3', 'BE03 12 4000 000000 006'],
  ['4-6-6', 'BE03 12 4000 000000 000002'],
  ['4-6-4 behind another group', 'BE46 12345 400 0000 000000 0006'],
  ['4-6-4 before another group', 'BE03 12 4000 000000 0000 0002'],
])('digits of an IBAN and a number after it are not a card unless they are grouped as cards are: %s', (_, text) => {
  expectNoCard(text);
});

test.each([
  ['fours', 'BE96', '4000 0000 0000 0002'],
  ['fours and one digit more', 'BE96', '4000 0000 0000 6'],
  ['sixes', 'BE96', '400000 000000 02'],
  ['4-6-5', 'BE65 12', '3700 000000 00002'],
  ['4-6-4', 'BE48 12', '3000 000000 0004'],
])('a card in the usual groups that begins within an IBAN is masked: %s', (_, iban, card) => {
  expect(maskCardNumbers(`${iban} ${card}`)).toBe(`${iban} ${card.replace(/\d/g, '*')}`);
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

  test('a card that continues behind an IBAN, or that a longer word holds', () => {
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
    expectNoCard(`${prefix}4111111111111111`);
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
