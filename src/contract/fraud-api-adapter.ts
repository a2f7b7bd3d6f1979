import * as v from 'valibot';
import type { FraudAnswer, FraudCheckPayment } from './fraud-api';

/** Bytes of a request's body in UTF-8, as many as an answer may have. */
const LONGEST_REQUEST_BODY = 64 * 1_024;
const LONGEST_PATH = 2_048;

const METHODS = ['POST', 'GET', 'PUT', 'PATCH'] as const;

/**
 * Headers that an adapter may not set: the processor sets the first two, and the others belong to the connection (RFC 9110, 7.6.1) or frame the
 * message (RFC 9112, 6).
 */
const RESERVED_HEADERS = new Set([
  ...['authorization', 'idempotency-key'],
  ...['connection', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

/** RFC 9110, 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Visible ASCII and spaces. */
export const HEADER_VALUE = /^[\x20-\x7e]+$/;

/** A call of a fraud API, as an adapter writes it. */
export interface FraudApiRequest {
  /** `GET` has no body. @default 'POST' */
  readonly method?: (typeof METHODS)[number];
  /**
   * Path and query on the host of the fraud API's URL: begins with one `/`, and is in the form that a URL parser leaves as it is, so without `..`, `\`
   * and fragment. Write a value of the payment into it with `encodeURIComponent`. @default path and query of the URL
   */
  readonly path?: string;
  /**
   * Headers in addition to `accept`, `content-type` (both `application/json`) and `user-agent`, or in their place. `authorization`, `idempotency-key`,
   * and the headers of the connection can't be set. @default none
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Text of up to 64 KiB. @default an empty body */
  readonly body?: string;
}

/**
 * Translates between the pipeline and a fraud API with another contract. An adapter is a module that exports both functions: one `.mjs` file that imports
 * only Node's own modules. The functions are synchronous, and keep nothing from one call to the next: each call may be in another process.
 */
export interface FraudApiAdapter {
  /**
   * Writes the call for a payment. Each call of one payment has to be the same, because the fraud API may get it more than once.
   * @param payment without the message's free text
   */
  toRequest(payment: FraudCheckPayment): FraudApiRequest;

  /**
   * Reads an answer of any final status, redirects and errors included. Returns a decision, `'refused'` when the API refuses the payment permanently, or
   * `'transient'` when a later call may bring a decision. The next call waits for the answer's `Retry-After`.
   * @param headers by lower-case name
   */
  toAnswer(
    status: number,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): FraudAnswer | 'refused' | 'transient';
}

const FUNCTIONS = ['toRequest', 'toAnswer'] as const satisfies readonly (keyof FraudApiAdapter)[];

/** What to write in place of a default export, or of CommonJS. */
const NAMED_EXPORTS =
  'write "export function toRequest(payment) {...}" and "export function toAnswer(status, headers, body) {...}"';

/**
 * Why a loaded module is no adapter; undefined when it is one. An async function returns a promise, and is none of an adapter's.
 * @param classOf the name of an export's class, such as `Function` or `AsyncFunction`; undefined when there is no such export
 */
export function exportFault(classOf: (name: string) => string | undefined): string | undefined {
  const missing = FUNCTIONS.filter((name) => classOf(name) !== 'Function');
  if (missing.length === 0) return undefined;
  const fault = `exports no synchronous function ${missing.join(' and ')}`;
  return classOf('default') === undefined ? fault : `${fault}, and its default export isn't read: ${NAMED_EXPORTS}`;
}

/** Why a module can't be loaded, with what to do when it is CommonJS. @param error as text */
export function loadFault(error: string): string {
  const isCommonJs = /^ReferenceError: (module|exports) is not defined/.test(error);
  return isCommonJs ? `${error}: ${NAMED_EXPORTS}` : error;
}

const adapterRequest = v.strictObject(
  {
    method: v.optional(v.picklist(METHODS, `must be one of ${METHODS.join(', ')}`), 'POST'),
    path: v.optional(
      v.pipe(
        v.string('must be a text'),
        v.maxLength(LONGEST_PATH, `must have at most ${LONGEST_PATH} characters`),
        v.check(isPath, 'must begin with one /, and be in normal form'),
      ),
    ),
    headers: v.optional(
      v.record(
        v.pipe(
          v.string(),
          v.toLowerCase(),
          v.check((name) => HEADER_NAME.test(name), 'must have legal names'),
          v.check(
            (name) => !RESERVED_HEADERS.has(name),
            ({ input }) => `must not set ${input}`,
          ),
        ),
        v.pipe(v.string('must be texts'), v.regex(HEADER_VALUE, 'must be visible ASCII')),
        'must be an object',
      ),
      {},
    ),
    body: v.optional(
      v.pipe(
        v.string('must be a text'),
        v.check((text) => Buffer.byteLength(text) <= LONGEST_REQUEST_BODY, 'must have at most 64 KiB'),
      ),
      '',
    ),
  },
  (issue) => (issue.path === undefined ? 'it is not an object' : 'is not a field of a request'),
);

/** A request with its defaults, header names in lower case. */
export type CompleteRequest = v.InferOutput<typeof adapterRequest>;

/** Reads a request of an adapter. @returns the faults as a text, which names fields and rules and no value, when it breaks a rule */
export function readAdapterRequest(value: unknown): CompleteRequest | string {
  const result = v.safeParse(adapterRequest, value, { abortPipeEarly: true });
  if (!result.success) return [...new Set(result.issues.map(describe))].join('; ');
  if (result.output.method === 'GET' && result.output.body !== '') return 'body must be left out with GET';
  return result.output;
}

/** An unknown field's name may be a value of the payment. */
function describe({ path, message }: v.BaseIssue<unknown>): string {
  const field = String(path?.[0].key);
  return Object.hasOwn(adapterRequest.entries, field) ? `${field} ${message}` : message;
}

/** Behind an origin, such a path stays on its host, and a value of the payment that is `..` can't reach another path. */
function isPath(path: string): boolean {
  const url = `https://host${path}`;
  return /^\/(?!\/)[^#]*$/.test(path) && URL.canParse(url) && new URL(url).href === url;
}
