import * as library from 'dinero.js/currencies';
import { CURRENCY_CODES, parsePaymentMessage } from '../../src/contract';
import { aBody } from '../../tools/kit/payments/payments';
import { refusal } from '../../tools/kit/payments/refusal';

const inCurrency = (code: string) => aBody({ currency: JSON.stringify(code) });

test.each(['EUR', 'USD', 'GBP', 'JPY', 'CHF', 'SGD', 'BHD', 'XOF', 'XCG', 'SLE', 'ZWG', 'VED'])(
  '%s is in force',
  (code) => {
    expect(parsePaymentMessage(inCurrency(code)).currency).toBe(code);
  },
);

test.each([
  ['left the standard', ['HRK', 'BGN', 'DEM', 'LTL', 'ANG', 'ZWL', 'SLL', 'CUC', 'MRO', 'STD', 'BYR', 'VEF']],
  ['no money: metals, test, none', ['XXX', 'XTS', 'XAU', 'XAG', 'XPT', 'XPD', 'XDR']],
  ['no code', ['eur', 'EU', 'EURO', '978', '', ' EUR', 'toString', 'ZZZ']],
])('%s', (_name, codes) => {
  for (const code of codes)
    expect(refusal(inCurrency(code)).faults).toEqual(['currency must be an ISO 4217 code in force']);
});

test("they are the library's, less the lev, which left the standard after the library's release", () => {
  expect([...CURRENCY_CODES, 'BGN'].sort()).toEqual(
    Object.values(library)
      .map(({ code }) => code)
      .sort(),
  );
});

test('all codes are three capitals, and there are as many as the standard has', () => {
  expect([...CURRENCY_CODES].filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([]);
  expect(CURRENCY_CODES.size).toBeGreaterThanOrEqual(160);
  expect(CURRENCY_CODES.size).toBeLessThanOrEqual(170);
});
