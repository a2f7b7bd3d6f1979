/** No answer of the fraud API is longer; what is, is not read to its end. */
const LONGEST_BODY_BYTES = 64 * 1024;

/** The response's text, or undefined when it is too long or not UTF-8. */
export async function readBody(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).byteLength;
    if (length > LONGEST_BODY_BYTES) return undefined; // leaving the loop cancels the stream
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** RFC 9110, 10.2.3: seconds, or a date. Undefined when there is none or it says nothing. */
export function retryAfterSeconds(response: Response, now: number): number | undefined {
  const value = response.headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1_000));
}

/** What a call that brought no answer ended with, without the request: 'timeout', 'ECONNRESET' ... */
export function seenIn(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return 'timeout';
  if (error.name === 'AbortError') return 'the function ran out of time';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
}
