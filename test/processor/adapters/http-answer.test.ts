import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { retryAfterSeconds, seenIn, textOf } from '../../../src/processor/adapters/http-answer';

const NOW = Date.parse('2026-01-02T03:04:05.500Z');
const answer = (retryAfter?: string) => ({ headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } });

test.each([
  ['0', 0],
  ['120', 120],
  [' 7 ', 7],
  ['Fri, 02 Jan 2026 03:04:35 GMT', 30],
  ['Friday, 02-Jan-26 03:04:35 GMT', 30],
  ['Fri, 02 Jan 2026 03:04:05 GMT', 0],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['3600', 3_600],
  ['3601', 3_600],
  ['1771404540', 3_600], // a time, by an API that mistakes the header
  ['1771404540000', 3_600],
  ['9'.repeat(400), 3_600],
  ['Fri, 02 Jan 2026 04:04:05 GMT', 3_600],
  ['Sat, 03 Jan 2026 03:04:05 GMT', 3_600],
  ['soon', undefined],
  ['-5', 0],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j asks for %p s', (value, seconds) => {
  expect(retryAfterSeconds(answer(value), NOW)).toBe(seconds);
});

describe('the text of an answer', () => {
  const TEXT = '{"reasons":["naïve 漢字 🙂"]}';
  const text = (body: Buffer, coding?: string) =>
    textOf({ body, headers: coding === undefined ? {} : { 'content-encoding': coding } });

  test.each([
    ['as it is', Buffer.from(TEXT), undefined],
    ['as it is, said', Buffer.from(TEXT), 'identity'],
    ['with a byte order mark', Buffer.from(`\ufeff${TEXT}`), undefined],
    ['gzip', gzipSync(TEXT), 'gzip'],
    ['gzip under its old name, in capitals', gzipSync(TEXT), 'X-GZIP '],
    ['deflate', deflateSync(TEXT), 'deflate'],
    ['brotli', brotliCompressSync(TEXT), 'br'],
  ])('%s', (_name, body, coding) => {
    expect(text(body, coding)).toBe(TEXT);
  });

  test.each([
    ['bytes that are not UTF-8', Buffer.from('Caf\xe9', 'latin1'), undefined, 'it is not UTF-8'],
    ['more than 64 KiB', Buffer.alloc(65_537, 32), undefined, 'it is longer than 64 KiB'],
    ['more than 64 KiB, once unpacked', gzipSync(Buffer.alloc(65_537, 32)), 'gzip', 'it is longer than 64 KiB'],
    ['gzip that is none', Buffer.from(TEXT), 'gzip', 'it is not gzip'],
    ['gzip that is cut short', gzipSync(TEXT).subarray(0, -4), 'gzip', 'it is not gzip'],
    ['a coding that is not known', Buffer.from(TEXT), 'zstd', 'its content-encoding is none of gzip, deflate and br'],
    [
      'a coding that is an object property',
      Buffer.from(TEXT),
      'constructor',
      'its content-encoding is none of gzip, deflate and br',
    ],
  ])('%s is unreadable, and says why', (_name, body, coding, fault) => {
    expect(() => text(body, coding)).toThrow(expect.objectContaining({ name: 'UnreadableAnswerError', fault }));
  });
});

describe('the cause of a call without an answer', () => {
  const named = (name: string) => Object.assign(new Error('MARKED'), { name });
  const coded = (code: string) => Object.assign(new Error('connect MARKED'), { code });

  test.each([
    ['the function ran out of time', named('AbortError')],
    ['ECONNRESET', coded('ECONNRESET')],
    ['CERT_HAS_EXPIRED', coded('CERT_HAS_EXPIRED')],
    ['no answer', new Error('MARKED')],
    ['no answer', 'MARKED'],
  ])('%s', (seen, error) => {
    expect(seenIn(error)).toBe(seen);
  });
});
