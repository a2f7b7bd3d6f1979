import { retryAfterSeconds, seenIn } from '../../../src/processor/adapters/http-answer';

const NOW = Date.parse('2026-01-02T03:04:05.500Z');
const answer = (retryAfter?: string) => new Response(null, { headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } });

test.each([
  ['0', 0],
  ['120', 120],
  [' 7 ', 7],
  ['Fri, 02 Jan 2026 03:04:35 GMT', 30],
  ['Friday, 02-Jan-26 03:04:35 GMT', 30],
  ['Fri, 02 Jan 2026 03:04:05 GMT', 0],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j asks for %p s', (value, seconds) => {
  expect(retryAfterSeconds(answer(value), NOW)).toBe(seconds);
});

describe('what a call without an answer is said to have ended with', () => {
  const named = (name: string) => Object.assign(new Error('MARKED'), { name });
  const caused = (cause: unknown) => new TypeError('fetch failed: MARKED', { cause });

  test.each([
    ['timeout', named('TimeoutError')],
    ['the function ran out of time', named('AbortError')],
    ['ECONNRESET', caused(Object.assign(new Error('MARKED'), { code: 'ECONNRESET' }))],
    ['no answer', caused(new Error('MARKED'))],
    ['no answer', caused('MARKED')],
    ['no answer', new Error('MARKED')],
    ['no answer', 'MARKED'],
  ])('%s', (seen, error) => {
    expect(seenIn(error)).toBe(seen);
  });
});
