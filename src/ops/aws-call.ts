import { profileFault, quoted, readAwsSettings, variable } from './aws-settings';
import { isUntrusted, networkCode, untrusted } from './connections';
import { escaped } from '../cli/escaped-text';
import { CommandError } from '../cli/command-error';

/** A call to AWS failed. The message says when it is unknown whether the call did its work. */
export class AwsCallError extends CommandError {
  constructor(
    message: string,
    /**
     * Set when the resource does not exist, the credentials do not allow the call, the service knows no such call, or it gave no answer for
     * another reason of its own.
     */
    readonly kind?: 'missing' | 'forbidden' | 'unsupported' | 'unanswered',
  ) {
    super(escaped(message)); // it may quote what a server answered
  }
}

/** The target of calls, for error messages. */
export interface Place {
  readonly region: string;
  /** What to check when a resource does not exist there. */
  readonly foundBy: string;
}

const UNREACHABLE = ['EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND'];
const UNANSWERED = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'TimeoutError'];
// Each service has its own codes for the following.
const MISSING = /NonExistentQueue|QueueDoesNotExist|NotFound|NoSuch(Entity|Bucket)/;
const EXPIRED = /expired/i;
const UNKNOWN = /InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|UnrecognizedClient/;
const FORBIDDEN = /AccessDenied|UnauthorizedOperation|AuthorizationError/;
const UNSUPPORTED = /NotEmulated|UnknownOperation|InvalidAction/;
const THROTTLED = /Throttl|TooManyRequests|LimitExceeded|ThroughputExceeded/;
/** The only part of AWS's message that is shown: the rest may quote the request. */
const ACTION = /not authorized to perform: ([\w-]+:\w+)/;

/**
 * Makes the call, and turns a failure into one sentence that says what to do.
 * @param subject what is called, as in "payment table payment-status-dev"
 * @throws AwsCallError
 */
export async function awsCall<T>(place: Place, subject: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    if (error instanceof AwsCallError) throw error;
    if (error instanceof CommandError) throw new AwsCallError(error.message);
    throw new AwsCallError(sentence(error, place, subject), kindOf(networkCode(error)));
  }
}

/** @throws AwsCallError when no setting names the region */
export async function regionOf(client: {
  readonly config: { readonly region: () => Promise<string> };
}): Promise<string> {
  try {
    return await client.config.region();
  } catch {
    throw new AwsCallError(await regionFault());
  }
}

async function regionFault(): Promise<string> {
  const settings = await readAwsSettings();
  const fault = profileFault(settings);
  if (fault !== undefined) return fault;
  const [ofVariable, ofProfile] = [variable('AWS_REGION'), settings.profiles[settings.name]?.region];
  const given = ofVariable ?? ofProfile;
  if (given !== undefined && given !== '')
    return `${ofVariable === undefined ? `The region of the AWS profile ${quoted(settings.name)}` : 'AWS_REGION'} is ${quoted(given)}, which is no region: correct it, as to eu-west-1.`;
  const profile = settings.isNamed ? `, or a region in the AWS profile ${quoted(settings.name)}` : '';
  const ofTheCli = variable('AWS_DEFAULT_REGION') !== undefined ? ' AWS_DEFAULT_REGION is for the AWS CLI only.' : '';
  return `No AWS region is set: set AWS_REGION${profile}, or give --outputs FILE, which says it.${ofTheCli}`;
}

function kindOf(code: string): AwsCallError['kind'] {
  if (MISSING.test(code)) return 'missing';
  if (FORBIDDEN.test(code)) return 'forbidden';
  if (UNSUPPORTED.test(code)) return 'unsupported';
  return EXPIRED.test(code) || UNKNOWN.test(code) ? undefined : 'unanswered';
}

function sentence(error: unknown, { region, foundBy }: Place, subject: string): string {
  const code = networkCode(error);
  const message = error instanceof Error ? error.message : '';
  const what = `${subject} in ${region}`;
  if (EXPIRED.test(code))
    return `The AWS credentials have expired (${code}): log in again, as by "aws sso login", or renew them.`;
  if (UNKNOWN.test(code))
    return `AWS does not take these credentials (${code}): see that AWS_PROFILE is the one you mean, or renew them.`;
  if (MISSING.test(code)) return `There is no ${what}: check ${foundBy}.`;
  if (FORBIDDEN.test(code)) {
    const [, action] = ACTION.exec(message) ?? [];
    return `These credentials may not ${action === undefined ? 'use' : `do ${action} on`} the ${what} (${code}): ask for the permission, or take other ones.`;
  }
  if (THROTTLED.test(code)) return `The ${what} takes no more calls for now (${code}): wait a minute, and try again.`;
  if (UNREACHABLE.includes(code))
    return `The ${what} cannot be reached (${code}): check the network, the region and AWS_ENDPOINT_URL, and try again.`;
  if (isUntrusted(code)) return `The ${what} shows ${untrusted(code)}`;
  if (UNANSWERED.includes(code))
    return `The ${what} gave no answer (${code}): check the network. It may have done what it was asked; the same command again is safe.`;
  return `The ${what} did not answer as asked (${code}): check AWS_ENDPOINT_URL, and try again; if it fails again, check the status of AWS itself.`;
}
