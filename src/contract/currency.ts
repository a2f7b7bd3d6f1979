import * as currencies from 'dinero.js/currencies';

/** Left the standard after the data's release: the lev, when Bulgaria took the euro on 1 January 2026. */
const WITHDRAWN = new Set(['BGN']);

/** ISO 4217 codes in force that have a minor unit, so not the metals, funds and test codes (XAU, XDR, XTS ...). */
export const CURRENCY_CODES: ReadonlySet<string> = new Set(
  Object.values(currencies)
    .map(({ code }) => code)
    .filter((code) => !WITHDRAWN.has(code)),
);
