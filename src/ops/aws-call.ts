import { errorCode } from '../runtime/aws-call';

/** AWS did not answer as asked: nothing was learned, or, where the message says so, it is not known what was done. */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';
}

/** Where calls go to, for the sentence that says why one failed. */
export interface Place {
  readonly region: string;
  /** What to look at when something does not exist there. */
  readonly foundBy: string;
}

const UNKNOWN_CREDENTIALS = [
  'ExpiredToken', 'ExpiredTokenException', 'InvalidClientTokenId', 'InvalidSignatureException', 'SignatureDoesNotMatch', 'UnrecognizedClientException',
];
const MISSING = ['AWS.SimpleQueueService.NonExistentQueue', 'QueueDoesNotExist', 'ResourceNotFoundException'];
const FORBIDDEN = ['AccessDenied', 'AccessDeniedException', 'KMSAccessDeniedException'];

/**
 * Makes the call, and turns its failure into one sentence that says what to do. AWS's own text goes nowhere, as it may quote the request.
 * @param subject what is called, as in "payment table payment-status-dev"
 * @throws AwsCallError
 */
export async function awsCall<T>(place: Place, subject: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    throw new AwsCallError(sentence(codeOf(error), place, subject));
  }
}

/** @throws AwsCallError when no setting says which region */
export async function regionOf(client: { readonly config: { readonly region: () => Promise<string> } }): Promise<string> {
  try {
    return await client.config.region();
  } catch {
    throw new AwsCallError('No AWS region is set: set AWS_REGION, or give --outputs FILE, which says it.');
  }
}

/** Network errors have a code of their own, which says more than their name. */
function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') return error.code;
  return errorCode(error);
}

function sentence(code: string, { region, foundBy }: Place, subject: string): string {
  if (code === 'CredentialsProviderError') {
    return 'No AWS credentials were found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in.';
  }
  if (UNKNOWN_CREDENTIALS.includes(code)) return `AWS does not take these credentials (${code}): renew them, or see that AWS_PROFILE is the one you mean.`;
  if (MISSING.includes(code)) return `There is no ${subject} in ${region}: check ${foundBy}.`;
  if (FORBIDDEN.includes(code)) return `These credentials may not use the ${subject} in ${region} (${code}): ask for the permission, or take other ones.`;
  return `The ${subject} in ${region} did not answer as asked (${code}): check the network and AWS_ENDPOINT_URL, and try again.`;
}
