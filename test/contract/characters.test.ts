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

test.each([
  ['space', SPACE, /\s/],
  ['gap of an identifier', GAP, /[\s.\p{Pd}]/u],
  ['separator of a card number', SEPARATOR, /[\s.\p{Pd},:;/_]/u],
] as const)('each %s is found, and nothing else', (_name, kind, pattern) => {
  const text = Uint16Array.from(CODE_UNITS);
  expect(unitsWhere((unit) => lengthOf(kind, text, unit) === 1)).toEqual(unitsThatMatch(pattern));
  expect(lengthOf(kind, text, text.length)).toBe(0);
});

test('a dash beyond U+FFFF has two code units, and is no space; its first half alone is nothing', () => {
  const dash = Uint16Array.of(0xd803, 0xdead);
  expect(([GAP, SEPARATOR, SPACE] as const).map((kind) => lengthOf(kind, dash, 0))).toEqual([2, 2, 0]);
  for (const other of [[0xd803, 0x2d], [0xd803], [0xdead, 0xd803]])
    expect(lengthOf(SEPARATOR, Uint16Array.from(other), 0)).toBe(0);
});
