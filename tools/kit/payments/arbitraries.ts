import fc from 'fast-check';
import {
  CURRENCY_CODES,
  holdsCardNumber,
  idHoldsCardNumber,
  LARGEST_AMOUNT,
  type PaymentMessage,
} from '../../../src/contract';

const ID_ALPHABET = 'ABCXYZabcxyz0189._-'.split('');

export const identifiers = fc
  .string({ unit: fc.constantFrom(...ID_ALPHABET), minLength: 1, maxLength: 64 })
  .filter((id) => !/^\d{13,19}$/.test(id) && !idHoldsCardNumber(id));

const freeText = (maxLength: number) =>
  fc
    .string({ unit: 'grapheme', maxLength })
    .filter((text) => Array.from(text).length <= maxLength && !holdsCardNumber(text));

const metadataKeys = freeText(40).filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key));

/** RFC 3339 in UTC, in every form that it allows. */
const times = fc
  .tuple(
    fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true }),
    fc.constantFrom('T', 't'),
    fc.constantFrom('', '.0', '.123', '.1234567890123'),
    fc.constantFrom('Z', 'z', '+00:00', '-00:00'),
  )
  .map(
    ([date, separator, fraction, offset]) =>
      date.toISOString().slice(0, 19).replace('T', separator) + fraction + offset,
  );

/** Any valid payment. */
export const payments: fc.Arbitrary<PaymentMessage> = fc.record(
  {
    schema_version: fc.constant(1 as const),
    transaction_id: identifiers,
    account_id: identifiers,
    amount: fc.integer({ min: 1, max: LARGEST_AMOUNT }),
    currency: fc.constantFrom(...CURRENCY_CODES),
    beneficiary_id: identifiers,
    requested_at: times,
    reference: freeText(140),
    metadata: fc.dictionary(metadataKeys, freeText(256), { maxKeys: 10 }),
  },
  {
    requiredKeys: [
      'schema_version',
      'transaction_id',
      'account_id',
      'amount',
      'currency',
      'beneficiary_id',
      'requested_at',
    ],
  },
);

/** The same value as another JSON writer may write it: other key order, spacing, escapes and spelling of numbers. */
export function rewritten(value: unknown): fc.Arbitrary<string> {
  return fc.infiniteStream(fc.nat({ max: 1_000 })).map((choices) => {
    const choose = (below: number): number => Number(choices.next().value) % below;
    return write(value, choose);
  });
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

function write(value: unknown, choose: (below: number) => number): string {
  const space = () => ['', ' ', '\n', '\t '][choose(4)] ?? '';
  if (typeof value === 'string')
    return `"${value
      .split('')
      .map((unit) => writeUnit(unit, choose))
      .join('')}"`;
  if (typeof value === 'number') return writeNumber(value, choose);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value);
  for (let last = entries.length - 1; last > 0; last--) {
    const other = choose(last + 1);
    [entries[last], entries[other]] = [entries[other]!, entries[last]!];
  }
  const fields = entries.map(
    ([key, item]) => `${space()}${write(key, choose)}${space()}:${space()}${write(item, choose)}`,
  );
  return `{${fields.join(`${space()},`)}${space()}}`;
}

function writeNumber(value: number, choose: (below: number) => number): string {
  const plain = JSON.stringify(value);
  if (!/^[1-9]\d*$/.test(plain)) return plain;
  const scientific = `${plain[0]!}${plain.length > 1 ? `.${plain.slice(1)}` : ''}e${plain.length - 1}`;
  const ways = [plain, `${plain}.0`, `${plain}E+0`, `${plain}00e-2`, scientific];
  return ways[choose(ways.length)] ?? plain;
}

function writeUnit(unit: string, choose: (below: number) => number): string {
  const code = unit.charCodeAt(0);
  const escape = `\\u${code.toString(16).padStart(4, '0')}`;
  const short = SHORT_ESCAPES[unit];
  const mustEscape = code < 0x20 || unit === '"' || unit === '\\';
  const ways = [escape, ...(short === undefined ? [] : [short]), ...(mustEscape ? [] : [unit, unit, unit])];
  return ways[choose(ways.length)] ?? escape;
}
