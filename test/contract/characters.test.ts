import { GAP, isAlphanumeric, isDigit, isLetter, lengthOf, SEPARATOR, SPACE } from '../../src/contract/characters';

const CODE_UNITS = Array.from({ length: 0x1_0000 }, (_, unit) => unit);

/** The code units of which this says yes, as a text. */
const unitsWhere = (is: (unit: number) => unknown) => CODE_UNITS.filter(is).map((unit) => String.fromCharCode(unit));
const unitsThatMatch = (pattern: RegExp) => unitsWhere((unit) => pattern.test(String.fromCharCode(unit)));

test.each([
  ['digits', isDigit, /[0-9]/],
  ['letters', isLetter, /[A-Za-z]/],
  ['digits and letters', isAlphanumeric, /[0-9A-Za-z]/],
])('%s are those of ASCII', (_name, is, pattern) => {
  expect(unitsWhere(is)).toEqual(unitsThatMatch(pattern));
});

/** One test for all: a character's classes are kept when it is first met. */
test('each space, gap of an identifier and separator of a card number is found, and nothing else', () => {
  const text = Uint16Array.from(CODE_UNITS);
  const found = ([SPACE, GAP, SEPARATOR] as const).map((kind) =>
    unitsWhere((unit) => lengthOf(kind, text, unit) === 1),
  );
  expect(found).toEqual([/\s/, /[\s.\p{Pd}]/u, /[\s.\p{Pd},:;/_]/u].map(unitsThatMatch));
  expect(lengthOf(SPACE, text, text.length)).toBe(0);

  // A dash beyond U+FFFF has two code units. It is no space, and its first half alone is nothing.
  const dash = Uint16Array.of(0xd803, 0xdead);
  expect(([GAP, SEPARATOR, SPACE] as const).map((kind) => lengthOf(kind, dash, 0))).toEqual([2, 2, 0]);
  for (const other of [[0xd803, 0x2d], [0xd803], [0xdead, 0xd803]])
    expect(lengthOf(SEPARATOR, Uint16Array.from(other), 0)).toBe(0);
});
