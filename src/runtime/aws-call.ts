import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Timeouts for every AWS client: a call that hangs must not use up the time of the others in the batch. */
export const AWS_CLIENT_CONFIG = {
  maxAttempts: 3,
  requestHandler: new NodeHttpHandler({ connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true }),
};

/** DynamoDB's message for an item of more than 400 KB; the name of the error says only that the request is not valid. */
const ITEM_TOO_LARGE = /^Item size .*exceeded/;

/** The name of an AWS or network error, or `ItemTooLarge`. The error's message may quote the request, so it is never used. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return error.name === 'ValidationException' && ITEM_TOO_LARGE.test(error.message) ? 'ItemTooLarge' : error.name;
}
