import { fraudRequest, parseFraudAnswer, STATUS_OF_DECISION, UnreadableAnswerError } from '../../src/contract';
import { aPayment } from '../../tools/kit/payments/payments';

const answer = (fields: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({ decision: 'approve', score: 0.25, reasons: ['known payer'], ...fields });

test('the request holds what the API needs, and no free text', () => {
  const message = aPayment({ reference: 'rent', metadata: { invoice: '42' } });
  expect(fraudRequest(message)).toEqual({
    transaction_id: 'tx-1',
    account_id: 'alice',
    amount: 1_050,
    currency: 'EUR',
    beneficiary_id: 'bob',
    requested_at: '2026-01-02T03:04:05Z',
  });
});

test.each([
  ['approve', 'APPROVED'],
  ['decline', 'DECLINED'],
  ['review', 'REVIEW'],
] as const)('"%s" makes a payment %s', (decision, status) => {
  expect(parseFraudAnswer(answer({ decision }))).toEqual({ decision, score: 0.25, reasons: ['known payer'] });
  expect(STATUS_OF_DECISION[decision]).toBe(status);
});

test('fields beyond the contract are passed over', () => {
  expect(parseFraudAnswer(answer({ version: 'v7', ['__proto__']: { score: 1 } }))).toEqual({
    decision: 'approve',
    score: 0.25,
    reasons: ['known payer'],
  });
});

test.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]>([
  ['kept', { case_id: 'case-4711', model: 'rules 2026-10' }, { case_id: 'case-4711', model: 'rules 2026-10' }],
  ['of 64 characters at most', { case_id: 'x'.repeat(64), model: 'x'.repeat(65) }, { case_id: 'x'.repeat(64) }],
  ['ignored if it is no text, or has none', { case_id: 7, model: '' }, {}],
  ['ignored if it is something else', { case_id: null, model: { name: 'v7' } }, {}],
  ['without a card number', { case_id: '4111 1111 1111 1111' }, { case_id: '**** **** **** ****' }],
  ['as it is stored', { model: 'v\ud800' }, { model: 'v\ufffd' }],
])('what the API says of its decision is %s', (_, given, kept) => {
  expect(parseFraudAnswer(answer(given))).toEqual({
    decision: 'approve',
    score: 0.25,
    reasons: ['known payer'],
    ...kept,
  });
});

test('a reason is hashed as it is stored: a lone surrogate is replaced before', () => {
  expect(parseFraudAnswer(answer({ reasons: ['\ud800'] })).reasons).toEqual(['\ufffd']);
});

test.each([
  ['0', 0],
  ['1', 1],
  ['1.0', 1],
  ['1e-129', 1e-129],
  ['1e-131', 0],
  ['5e-324', 0],
])('a score of %s is kept as %d: the table holds no smaller number than 1e-130', (json, score) => {
  expect(parseFraudAnswer(`{"decision":"review","score":${json},"reasons":[]}`).score).toBe(score);
});

test.each([
  ['', 'nothing'],
  ['approve', 'a word'],
  ['<html></html>', 'a page'],
  [answer().slice(0, -1), 'an answer cut short'],
  ['null', 'null'],
  ['[]', 'an array'],
  [`[${answer()}]`, 'an answer in an array'],
  ['{}', 'an empty object'],
  [answer({ decision: 'APPROVE' }), 'a decision in capitals'],
  [answer({ decision: 'maybe' }), 'another decision'],
  [answer({ decision: ['approve'] }), 'a decision in an array'],
  [answer({ decision: undefined }), 'no decision'],
  [answer({ score: undefined }), 'no score'],
  [answer({ score: '0.5' }), 'a score as text'],
  [answer({ score: -0.1 }), 'a negative score'],
  [answer({ score: 1.01 }), 'a score above 1'],
  [answer().replace('0.25', '1e400'), 'an infinite score'],
  [answer({ reasons: undefined }), 'no reasons'],
  [answer({ reasons: 'none' }), 'reasons as text'],
  [answer({ reasons: [1] }), 'a reason that is no text'],
  ['['.repeat(60_000), 'deep nesting'],
  [answer().replace('"known payer"', '['.repeat(30_000) + ']'.repeat(30_000)), 'deep nesting in a field'],
  [answer().replace('{', '{"decision":"decline",'), 'two decisions'],
  [answer().replace('{', '{"decision":"approve",'), 'one decision, twice'],
])('%.40j is no answer: %s', (body) => {
  expect(() => parseFraudAnswer(body)).toThrow(UnreadableAnswerError);
});

test.each([
  ['<html></html>', 'it is not JSON'],
  ['null', 'it is not an object'],
  ['[]', 'it is not an object'],
  ['{}', 'decision is missing; score is missing; reasons is missing'],
  [answer({ decision: 'maybe' }), 'decision must be one of approve, decline, review'],
  [answer({ score: 2 }), 'score must be a number from 0 to 1'],
  [answer({ reasons: [1, 2] }), 'reasons must be a list of texts'],
  [answer().replace('{', '{"decision":"approve",'), 'it repeats a key'],
])('of %j the error names the fault, and no value: %s', (body, fault) => {
  expect(() => parseFraudAnswer(body)).toThrow(expect.objectContaining({ name: 'UnreadableAnswerError', fault }));
});

test('a text of the answer that resembles a key does not count as a repeated key', () => {
  const reasons = ['"decision":', '\\"', 'a\\', '":"', ': b'];
  expect(parseFraudAnswer(answer({ reasons, more: { reasons, decision: 1 } }))).toMatchObject({ reasons });
});

test.each(['4111 1111 1111 1111', 'card 4111111111111111!', '5500-0000-0000-0004'])(
  'the card number of "%s" is masked',
  (reason) => {
    expect(parseFraudAnswer(answer({ reasons: [reason] })).reasons).toEqual([reason.replace(/\d/g, '*')]);
  },
);
