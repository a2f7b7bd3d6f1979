import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { UnreadableAnswerError } from '../../contract';
import { type HttpAnswer, LONGEST_BODY_BYTES } from './http-client';

/** A longer `Retry-After` is treated as a mistake, such as a time in place of seconds: the account would wait for it. */
export const LONGEST_RETRY_AFTER_SECONDS = 3_600;

/** Decoders by content coding. The request asks for none, but a server may choose one (RFC 9110, 12.5.3). */
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
  const coding = String(headers['content-encoding'] ?? 'identity')
    .trim()
    .toLowerCase();
  const bytes = coding === 'identity' ? body : decode(body, coding);
  if (!isUtf8(bytes)) throw new UnreadableAnswerError('it is not UTF-8');
  return new TextDecoder().decode(bytes); // and without a byte order mark
}

function decode(body: Buffer, coding: string): Buffer {
  const decoder = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
  if (decoder === undefined) throw new UnreadableAnswerError('its content-encoding is none of gzip, deflate and br');
  try {
    return decoder(body, { maxOutputLength: LONGEST_BODY_BYTES });
  } catch (error) {
    // The bytes are the API's, so every error of zlib is a fault of the answer.
    const isTooLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new UnreadableAnswerError(isTooLong ? 'it is longer than 64 KiB' : `it is not ${coding}`);
  }
}

/**
 * Seconds of the answer's `Retry-After` (RFC 9110, 10.2.3: seconds, or a date), one hour at most.
 * Undefined without one, or when it is neither.
 */
export function retryAfterSeconds({ headers }: Pick<HttpAnswer, 'headers'>, now: number): number | undefined {
  const value = String(headers['retry-after'] ?? '').trim();
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1_000);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(0, seconds), LONGEST_RETRY_AFTER_SECONDS);
}

/** How a call without an answer ended, without a part of the request: 'ECONNRESET', 'CERT_HAS_EXPIRED' ... */
export function seenIn(error: unknown): string {
  const { name, code } = Object(error) as Partial<NodeJS.ErrnoException>;
  if (name === 'AbortError') return 'the function ran out of time';
  return code ?? 'no answer';
}
