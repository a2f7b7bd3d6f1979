import { createHash, randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { idHoldsCardNumber, maskId, parsePaymentMessage } from '../../src/contract';
import { aPayment } from '../../tools/kit/payments/payments';
import { refusal } from '../../tools/kit/payments/refusal';

const FIELDS = ['transaction_id', 'account_id', 'beneficiary_id'] as const;
/** Visa of 13, 16 and 19 digits, Mastercard in both ranges, American Express, Discover, Diners, JCB, UnionPay. */
const CARDS = [
  '4222222222222',
  '4111111111111111',
  '4000000000000000006',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '6011111111111117',
  '30569309025904',
  '3530111333300000',
  '6200000000000005',
];

const body = (field: (typeof FIELDS)[number], id: string) => JSON.stringify(aPayment({ [field]: id }));
const isAccepted = (id: string) => FIELDS.every((field) => parsePaymentMessage(body(field, id))[field] === id);

function expectRefused(id: string) {
  for (const field of FIELDS) {
    const { code, faults, message } = refusal(body(field, id));
    expect([id, code, faults]).toEqual([id, 'CARD_NUMBER', [`${field} must not hold a card number`]]);
    expect(message).not.toContain(id);
  }
}

const inFours = (digits: string, separator: string) => digits.match(/\d{1,4}/g)!.join(separator);

test.each(CARDS)('%s is refused as any of the three ids, however it is written', (card) => {
  for (const separator of ['-', '.', '_', '--', '._', '-.']) expectRefused(inFours(card, separator));
  for (const around of ['x#y', 'card#', '#z', 'acct-#', '#-1', 'pay_#_1', 'A#-0', 'x-#.y']) {
    expectRefused(around.replace('#', card));
    expectRefused(around.replace('#', inFours(card, '-')));
  }
});

test('a card number with separators and letters around is refused, wherever it stands [G12]', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'abcXYZ'), maxLength: 20 });
  const separator = fc.constantFrom('', '-', '.', '_', '__', '-_');
  fc.assert(
    fc.property(
      fc.constantFrom(...CARDS),
      letters,
      separator,
      separator,
      letters,
      (card, before, outer, inner, after) => {
        const id = before + (before === '' ? '' : outer) + inFours(card, inner) + (after === '' ? '' : outer) + after;
        fc.pre(id.length <= 64 && !/^\d{13,19}$/.test(id));
        expectRefused(id);
      },
    ),
  );
});

describe('a UUID or a ULID', () => {
  /** Such as hold what would be a card number in any other id. */
  const UNLUCKY = [
    '9fa03748-d681-4948-8418-157f8b937862',
    'AC494975-8616-4031-852D-99C392B41E24',
    'dd4664455d1a4721912136758ce060d9',
    '019a8b15-ee50-7081-9611-615c31d79814',
    'e35910f8-0de1-4840-8318-58498a465fb0',
    '41111111-1111-1111-8000-00000000000a',
    '4111111111111111abcdefabcdefabcd',
    '01J4111111111111111ABCDEFG',
  ];

  test.each(UNLUCKY)('%s is not a card number, alone or as a part of the id', (id) => {
    expect(idHoldsCardNumber(`x${id}x`)).toBe(true);
    for (const around of [
      '#',
      'pay_#',
      '#-1',
      '#-25',
      'acct.#',
      'a-#_b',
      '260214-194443-#',
      '4111-1111-1111-#',
      '41111111-#-11111111',
    ]) {
      expect([around, isAccepted(around.replace('#', id))]).toEqual([around, true]);
    }
    for (const other of [id.toUpperCase(), id.toLowerCase()]) expect(isAccepted(other)).toBe(true);
  });

  test('no card number is hidden next to a UUID or ULID, or in a text that only resembles one', () => {
    for (const card of CARDS.filter((one) => one.length <= 16)) {
      for (const around of ['@-#', '#-@', '#.@', '@_#'])
        expectRefused(around.replace('@', card).replace('#', UNLUCKY[1]!.slice(0, 36)));
    }
    expectRefused('4111111111111111-1111-1111-1111-111111111111'); // 16-4-4-4-12
    expectRefused('4111111111111111abcdefabcdefabcdef'); // 34 hexadecimal digits
    expectRefused('4111111111111111ABCDEFGHJK'); // 26 characters that no ULID of this age begins with
    expectRefused('04-4111111111111111-ABCDEFGHJK');
    expectRefused('01I4111111111111111ABCDEFG'); // a letter that Crockford's alphabet lacks
  });

  test('no random one is refused, in any version, case, or place', () => {
    const ulids = fc.ulid().map((ulid) => `0${ulid.slice(1)}`); // until the year 3084
    fc.assert(
      fc.property(
        fc.uuid(),
        ulids,
        (uuid, ulid) =>
          isAccepted(uuid) &&
          isAccepted(`pay_${uuid.toUpperCase()}`) &&
          isAccepted(uuid.replaceAll('-', '')) &&
          isAccepted(ulid),
      ),
    );
    const refused = Array.from({ length: 20_000 }, () => randomUUID()).filter((uuid) =>
      [uuid, `pay_${uuid}`, `${uuid}-17`, uuid.replaceAll('-', '')].some(idHoldsCardNumber),
    );
    expect(refused).toEqual([]);
  });
});

test.each([
  'order-20260102-000123',
  '20260102-030405-0001',
  '2026-01-02T03.04.05.678Z',
  'pay-20260102T030405Z-1',
  'txn_1NfJ8mL2eZvKYlo2C0aXqT9b',
  'tx-1735689600123',
  'acct-0012345678',
  '12-34-56-12345678',
  'DE89370400440532013000',
  'GB29-NWBK-6016-1331-9268-19',
  '1.2.3',
  'a'.repeat(64),
  '1'.repeat(20),
])('%s is accepted', (id) => {
  expect(isAccepted(id)).toBe(true);
});

test("any bare digits of a card's length are refused", () => {
  for (const id of ['1234567890123', '4111111111111111', '1541815603606036480']) {
    for (const field of FIELDS)
      expect(refusal(body(field, id)).faults).toEqual([
        expect.stringContaining(`${field} must not be 13 to 19 bare digits`),
      ]);
  }
});

test('an id is masked if it holds a card number, and else left as it is', () => {
  expect(maskId('acct-4111-1111-1111-1111')).toBe('acct-****-****-****-****');
  for (const id of ['tx-1', '9fa03748-d681-4948-8418-157f8b937862', 'pay_AC494975-8616-4031-852D-99C392B41E24'])
    expect(maskId(id)).toBe(id);
});

test('hashes in hexadecimal are no UUIDs, and are seldom refused', () => {
  const ids = Array.from({ length: 5_000 }, () => createHash('sha1').update(randomBytes(20)).digest('hex'));
  expect(ids.filter(idHoldsCardNumber).length).toBeLessThan(50); // one in 800
});
