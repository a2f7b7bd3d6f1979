import { NodeHttpHandler } from '@smithy/node-http-handler';

/** For every AWS client: a call that hangs must not eat the time of the others in the batch. */
export const AWS_CLIENT_CONFIG = {
  maxAttempts: 3,
  requestHandler: new NodeHttpHandler({ connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true }),
};

/** The name of an AWS or network error. Its message may quote the request, so it goes nowhere. */
export function errorCode(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
