import type { BatchResultErrorEntry, SendMessageBatchCommandOutput } from '@aws-sdk/client-sqs';

/** The outcome of one call for one message. */
export type SendAttempt = Stored | Failed | typeof NOT_STARTED;

export interface Stored {
  readonly outcome: 'stored';
  readonly messageId: string;
  readonly sequenceNumber: string;
}

/** Throttled, refused, unfit: SQS has not stored the message, and it never stores an unfit one. Unclear: it may have. */
export interface Failed {
  readonly outcome: 'throttled' | 'refused' | 'unfit' | 'unclear';
  /** The error code of SQS or the SDK. */
  readonly code: string;
  readonly cause: unknown;
}

/** Cancelled before its call began. */
export const NOT_STARTED = { outcome: 'not started' } as const;

const THROTTLED = /throttl|too ?many ?requests|limit ?exceeded|over ?limit|slow ?down/i;
/** SQS's code for a body with characters that it does not carry: SendMessageBatch, SQS API Reference. */
const UNFIT_CONTENT = 'InvalidMessageContents';
/** The SDK found no usable credentials or token, so nothing was sent. */
const NO_CREDENTIALS = 'ProviderError';
/** The SDK's message when it finds no region; the error has no name of its own. */
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
 * The outcome of each entry when the whole call failed. It is unclear unless it is certain that nothing was stored.
 * The SDK may have made earlier calls, and its error describes only the last one.
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
  /** The code of a network error, whose name is only "Error". */
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

function codeOf({ name, code, message }: SdkError): string {
  if (message === NO_REGION_TOLD) return NO_REGION;
  if (name === 'AbortError') return 'Timeout'; // only a call's own timeout aborts it
  return (name === 'Error' ? code : name) ?? 'Unknown';
}
