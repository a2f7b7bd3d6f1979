import type { BatchResultErrorEntry, SendMessageBatchCommandOutput } from '@aws-sdk/client-sqs';

/** What one try to send a message brought. */
export type SendAttempt = Stored | Failed | typeof NOT_STARTED;

export interface Stored {
  readonly outcome: 'stored';
  readonly messageId: string;
  readonly sequenceNumber: string;
}

/** Throttled, refused and unfit: SQS has not stored it, and never stores what is unfit. Unclear: it may have. */
export interface Failed {
  readonly outcome: 'throttled' | 'refused' | 'unfit' | 'unclear';
  /** SQS's or the SDK's. */
  readonly code: string;
  readonly cause: unknown;
}

/** Taken back before its call began. */
export const NOT_STARTED = { outcome: 'not started' } as const;

const THROTTLED = /throttl|too ?many ?requests|limit ?exceeded|over ?limit|slow ?down/i;
/** SQS's code for a body with characters that it does not carry: SendMessageBatch, SQS API Reference. */
const UNFIT_CONTENT = 'InvalidMessageContents';
/** The SDK found no usable credentials or token, so nothing was sent. */
const NO_CREDENTIALS = 'ProviderError';
/** The SDK's words for a client that was given no region and finds none; an error without a name of its own. */
const NO_REGION_TOLD = 'Region is missing';
const NO_REGION = 'RegionMissing';
const REQUEST_TIMEOUT = 408;
const TOO_MANY_REQUESTS = 429;

/** One entry's part of a call's answer. */
export function answerOf(
  id: string,
  { Successful = [], Failed = [] }: Partial<SendMessageBatchCommandOutput>,
): SendAttempt {
  const sent = Successful.find(({ Id }) => Id === id);
  if (sent !== undefined)
    return { outcome: 'stored', messageId: sent.MessageId ?? '', sequenceNumber: sent.SequenceNumber ?? '' };
  const failed = Failed.find(({ Id }) => Id === id);
  return failed === undefined ? { outcome: 'unclear', code: 'NoAnswer', cause: undefined } : entryFailed(failed);
}

/** `SenderFault`: "whether the error happened due to the caller of the batch API action", SQS API Reference. */
function entryFailed(cause: BatchResultErrorEntry): Failed {
  const code = cause.Code ?? 'Unknown';
  if (THROTTLED.test(code)) return { outcome: 'throttled', code, cause };
  if (code.endsWith(UNFIT_CONTENT)) return { outcome: 'unfit', code, cause };
  return { outcome: cause.SenderFault === true ? 'refused' : 'unclear', code, cause };
}

/**
 * The call as a whole failed, for each of its entries. Only what is known to have stored nothing is called so; what
 * nobody knows is unclear. The SDK may have tried before, and its error speaks of its last try alone.
 */
export function callFailed(cause: unknown): Failed {
  const { $metadata: { attempts = 1, httpStatusCode: status = 0 } = {} } = cause as Pick<SdkError, '$metadata'>;
  const code = codeOf(cause as SdkError);
  if (attempts > 1) return { outcome: 'unclear', code, cause };
  if (status === TOO_MANY_REQUESTS || THROTTLED.test(code)) return { outcome: 'throttled', code, cause };
  const isRefused = status >= 400 && status < 500 && status !== REQUEST_TIMEOUT;
  const isNeverSent = code === NO_REGION || code.endsWith(NO_CREDENTIALS);
  return { outcome: isRefused || isNeverSent ? 'refused' : 'unclear', code, cause };
}

interface SdkError {
  readonly name?: string;
  /** Of a network error, whose name is just "Error". */
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

function codeOf({ name, code, message }: SdkError): string {
  if (message === NO_REGION_TOLD) return NO_REGION;
  if (name === 'AbortError') return 'Timeout'; // only a call's own timeout aborts it
  return (name === 'Error' ? code : name) ?? 'Unknown';
}
