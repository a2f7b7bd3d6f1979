import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { errorCode } from '../runtime/aws-call';
import { shellWord } from '../cli/options';
import {
  type AwsSettings,
  chainFault,
  lastProfile,
  profileFault,
  quoted,
  readAwsSettings,
  readFault,
} from './aws-settings';
import { type Connections, isUntrusted, networkCode, untrusted } from './connections';
import { CommandError } from '../cli/command-error';

type CredentialProvider = ReturnType<typeof defaultProvider>;

/**
 * No credentials were found, or they cannot be read. The message says why, and what to do. The name ends like those of the
 * SDK's errors, by which the producer knows that nothing was sent.
 */
export class AwsCredentialsProviderError extends CommandError {}

const NO_CREDENTIALS =
  'No AWS credentials were found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in.';
/** The only messages of a credential process that are shown: its own output may hold a secret. */
const PROCESS_FAULT =
  /credential_process (did not return Version 1|returned invalid JSON|returned invalid credentials|returned expired credentials)/;

/**
 * The AWS SDK's own search for credentials, for all clients of a command. Its calls use the same connections.
 * @returns a provider that throws AwsCredentialsProviderError, or CommandError when the proxy fails
 */
export function credentialsBy(connections: Connections): CredentialProvider {
  const said: string[] = [];
  let unanswered: unknown;
  const requestHandler = noting(connections, (failure) => {
    unanswered = failure;
  });
  const client = { requestHandler, maxAttempts: 2 };
  const search = defaultProvider({ clientConfig: client, parentClientConfig: client, logger: collecting(said) }); // each provider reads one of the two
  return async (properties) => {
    const settings = await readAwsSettings();
    // Before the search: the SDK cannot ask for an MFA device's code, and would leave a promise behind that ends the process.
    const fault = hasKeysInEnvironment() ? undefined : (profileFault(settings) ?? chainFault(settings));
    if (fault !== undefined) throw new AwsCredentialsProviderError(fault);
    try {
      return await search(properties);
    } catch (error) {
      if (unanswered instanceof CommandError || errorCode(unanswered) === 'AbortError') throw unanswered as Error;
      throw new AwsCredentialsProviderError(
        unanswered === undefined
          ? sentence(error, said.join('\n'), settings)
          : unreachable(networkCode(unanswered), settings),
      );
    }
  };
}

/** The connections, which also report a call that got no answer: the search would replace its error. */
function noting(connections: Connections, note: (failure: unknown) => void): Connections {
  const handle: Connections['handle'] = async (...call) => {
    try {
      return await connections.handle(...call);
    } catch (error) {
      note(error);
      throw error;
    }
  };
  return Object.create(connections, { handle: { value: handle } }) as Connections;
}

/** A logger that collects the messages of all places that the search reads. Its error has only the last one. */
function collecting(said: string[]) {
  const collect = (text: unknown) => {
    said.push(String(text));
  };
  return { debug: collect, info: collect, warn: collect, error: collect };
}

/** The SDK prefers a named profile. */
function hasKeysInEnvironment(): boolean {
  const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
  return !AWS_PROFILE && Boolean(AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY);
}

function sentence(error: unknown, said: string, settings: AwsSettings): string {
  const { name, profile } = lastProfile(settings);
  const isInUse =
    settings.profiles[settings.name] !== undefined &&
    Object.keys(profile).some((key) => key !== 'region' && key !== 'output');
  if (isInUse || settings.isNamed) return ofProfile(error, said, settings, name, profile);
  return ofEnvironment(error) ?? NO_CREDENTIALS;
}

function ofProfile(
  error: unknown,
  said: string,
  { name: used, profiles }: AwsSettings,
  name: string,
  profile: AwsSettings['profiles'][string] & object,
): string {
  const whose = `the AWS profile ${quoted(name)}`;
  if (profile.web_identity_token_file !== undefined)
    return ofWebIdentity(error, profile.web_identity_token_file, whose);
  if (profile.credential_process !== undefined && !isOfService(error)) {
    const [, fault = 'failed'] = PROCESS_FAULT.exec(said) ?? [];
    return `The credential_process of ${whose} ${fault}: run it by hand to see why, and correct it.`;
  }
  const byName = name === 'default' && used === 'default' ? '' : ` --profile ${shellWord(name)}`;
  if (Object.keys(profile).some((key) => key.startsWith('sso_')) && !isOfService(error)) {
    return `The login of ${whose} has expired, or there was none, or it does not allow the profile's role: run "aws sso login${byName}".`;
  }
  if (profile.login_session !== undefined)
    return `The login of ${whose} has expired, or there was none: run "aws login${byName}".`;
  if (isOfService(error))
    return ofService(error, profiles[used]?.role_arn === undefined ? whose : `the AWS profile ${quoted(used)}`);
  const [key, secret] = [profile.aws_access_key_id, profile.aws_secret_access_key];
  if ((key === undefined) !== (secret === undefined))
    return `${capital(whose)} has only one of aws_access_key_id and aws_secret_access_key: add the other.`;
  if (profile.credential_source !== undefined)
    return `${capital(whose)} takes its credentials from credential_source ${quoted(profile.credential_source)}, which has none here: correct it, or set AWS_PROFILE to another profile.`;
  return `${capital(whose)} has no credentials in it: add them, as by "aws configure${byName}", or set AWS_PROFILE to another profile.`;
}

function ofEnvironment(error: unknown): string | undefined {
  const {
    AWS_WEB_IDENTITY_TOKEN_FILE,
    AWS_ROLE_ARN,
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
    AWS_CONTAINER_CREDENTIALS_FULL_URI,
  } = process.env;
  if (Boolean(AWS_ACCESS_KEY_ID) !== Boolean(AWS_SECRET_ACCESS_KEY))
    return 'Of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set: set both, or unset it and set AWS_PROFILE.';
  if (Boolean(AWS_WEB_IDENTITY_TOKEN_FILE) !== Boolean(AWS_ROLE_ARN) && AWS_WEB_IDENTITY_TOKEN_FILE)
    return 'AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not: set it to the role that the token is for.';
  if (AWS_WEB_IDENTITY_TOKEN_FILE)
    return ofWebIdentity(error, AWS_WEB_IDENTITY_TOKEN_FILE, 'AWS_WEB_IDENTITY_TOKEN_FILE');
  if (AWS_CONTAINER_CREDENTIALS_FULL_URI ?? AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)
    return 'The credentials of this container (AWS_CONTAINER_CREDENTIALS_FULL_URI or _RELATIVE_URI) cannot be had: look whether it has a role, and whether its agent answers.';
  return isOfService(error) ? ofService(error, 'the environment') : undefined;
}

function ofWebIdentity(error: unknown, file: string, whose: string): string {
  const code = readFault(file);
  if (code !== undefined)
    return `The web identity token file ${file} of ${whose} cannot be read (${code}): correct its path, or have the token written there.`;
  return isOfService(error)
    ? ofService(error, whose)
    : `The web identity token of ${whose} cannot be used (${errorCode(error)}): see that it is of an identity provider that its role trusts.`;
}

/** Whether the credentials come from a call to AWS. */
function isOfService(error: unknown): boolean {
  return typeof error === 'object' && error !== null && '$metadata' in error && '$fault' in error;
}

function ofService(error: unknown, whose: string): string {
  const code = errorCode(error);
  if (/expired/i.test(code))
    return `What ${whose} takes its role with has expired (${code}): log in again, or renew it.`;
  if (code.includes('AccessDenied'))
    return `The role of ${whose} may not be taken (${code}): ask for sts:AssumeRole on it, and see that the role trusts you.`;
  if (/InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient|InvalidSignature/.test(code))
    return `AWS does not take the keys with which the role of ${whose} is taken (${code}): renew them.`;
  return `AWS gives no credentials for ${whose} (${code}): correct its role and its token, or set AWS_PROFILE to another profile.`;
}

function unreachable(code: string, { name, isNamed }: AwsSettings): string {
  const asked = `AWS, asked for the credentials of ${isNamed ? `the AWS profile ${quoted(name)}` : 'the environment'},`;
  if (isUntrusted(code)) return `${asked} shows ${untrusted(code)}`;
  return `${asked} cannot be reached (${code}): check the network, the region, and HTTPS_PROXY if there is a proxy.`;
}

function capital(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}`;
}
