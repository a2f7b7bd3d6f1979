import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { UnreadableAnswerError } from '../../contract';
import { type HttpAnswer, LONGEST_BODY_BYTES } from './http-client';

/** A longer wait is taken for a mistake, such as a time in place of seconds: the account would wait for it. */
const LONGEST_RETRY_AFTER_SECONDS = 3_600;

/** None is asked for, but a server may choose one (RFC 9110, 12.5.3). */
const DECODERS: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/**
 * The answer's text.
 * @throws UnreadableAnswerError when it is longer than `LONGEST_BODY_BYTES`, not UTF-8, or in a coding that is not known
 */
export function textOf({ body, headers }: Pick<HttpAnswer, 'body' | 'headers'>): string {
  if (body.byteLength > LONGEST_BODY_BYTES) throw new UnreadableAnswerError('it is longer than 64 KiB');
  const coding = String(headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const bytes = coding === 'identity' ? body : decode(body, coding);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new UnreadableAnswerError('it is not UTF-8');
    throw error;
  }
}

function decode(body: Buffer, coding: string): Buffer {
  const decoder = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
  if (decoder === undefined) throw new UnreadableAnswerError('its content-encoding is none of gzip, deflate and br');
  try {
    return decoder(body, { maxOutputLength: LONGEST_BODY_BYTES });
  } catch (error) {
    // Whatever zlib has against it, the bytes are the API's.
    throw new UnreadableAnswerError(error instanceof RangeError ? 'it is longer than 64 KiB' : `it is not ${coding}`);
  }
}

/**
 * Seconds that the API asks to wait (RFC 9110, 10.2.3: seconds, or a date), one hour at most.
 * Undefined when it does not ask, or asks for neither.
 */
export function retryAfterSeconds({ headers }: Pick<HttpAnswer, 'headers'>, now: number): number | undefined {
  const value = String(headers['retry-after'] ?? '').trim();
  const asked = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1_000);
  return Number.isNaN(asked) ? undefined : Math.min(Math.max(0, asked), LONGEST_RETRY_AFTER_SECONDS);
}

/** What a call without an answer ended with, without the request: 'timeout', 'ECONNRESET' ... */
export function seenIn(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return 'timeout';
  if (error.name === 'AbortError') return 'the function ran out of time';
  return 'code' in error ? String(error.code) : 'no answer';
}
