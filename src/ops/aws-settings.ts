import { escaped } from '../cli/escaped-text';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadSharedConfigFiles } from '@smithy/core/config';
import { shellWord } from '../cli/options';

export type Profile = Readonly<Partial<Record<string, string>>>;

/** The AWS SDK's shared files and variables, as the SDK reads them. */
export interface AwsSettings {
  /** Name of the profile that is used. */
  readonly name: string;
  /** Whether AWS_PROFILE sets the name; otherwise it is `default`. */
  readonly isNamed: boolean;
  readonly profiles: Readonly<Partial<Record<string, Profile>>>;
  /** The names of the SSO sessions. */
  readonly ssoSessions: readonly string[];
  /** The configuration and the credentials file. */
  readonly files: readonly string[];
}

const SSO_SESSION = 'sso-session.';

export async function readAwsSettings(): Promise<AwsSettings> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const profiles: Record<string, Profile> = {};
  for (const [name, profile] of [...Object.entries(configFile), ...Object.entries(credentialsFile)])
    profiles[name] = { ...profiles[name], ...profile };
  return {
    name: variable('AWS_PROFILE') ?? 'default',
    isNamed: variable('AWS_PROFILE') !== undefined,
    profiles,
    ssoSessions: Object.keys(configFile)
      .filter((key) => key.startsWith(SSO_SESSION))
      .map((key) => key.slice(SSO_SESSION.length)),
    files: [
      variable('AWS_CONFIG_FILE') ?? join(homedir(), '.aws', 'config'),
      variable('AWS_SHARED_CREDENTIALS_FILE') ?? join(homedir(), '.aws', 'credentials'),
    ],
  };
}

/** Reads a variable. To the SDK, an empty one is not set. */
export function variable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

/** Says what is wrong with the files or the profile's name. Undefined when the profile exists, or none is named. */
export function profileFault({ name, isNamed, profiles, files }: AwsSettings): string | undefined {
  for (const file of files) {
    const code = readFault(file);
    if (code !== undefined && code !== 'ENOENT')
      return `${file} cannot be read (${code}), so the AWS profiles in it are not known: correct it, or set AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE to other files.`;
  }
  if (!isNamed || profiles[name] !== undefined) return undefined;
  return `AWS_PROFILE is ${quoted(name)}, and there is no such profile in ${files.join(' or ')}: set it to one that "aws configure list-profiles" shows, or unset it.`;
}

/** Says what is missing or wrong in the profile, or in a profile that it refers to. */
export function chainFault({ name, isNamed, profiles, ssoSessions }: AwsSettings): string | undefined {
  const visited: string[] = [];
  for (let current = name; ;) {
    const profile = profiles[current];
    if (profile === undefined) {
      return current === name
        ? undefined
        : `The AWS profile ${quoted(visited.at(-1)!)} takes its credentials from source_profile ${quoted(current)}, and there is no such profile: correct its source_profile.`;
    }
    if (visited.includes(current) && visited.at(-1) !== current)
      return `The AWS profiles ${visited.map(quoted).join(' and ')} take their credentials from each other: have one of them name its own.`;
    const { role_arn, source_profile, credential_source, web_identity_token_file, sso_session, mfa_serial } = profile;
    const hasKeys = profile.aws_access_key_id !== undefined && profile.aws_secret_access_key !== undefined;
    if (visited.length > 0 && hasKeys) return undefined;
    visited.push(current);
    if (role_arn !== undefined && source_profile !== undefined && credential_source !== undefined) {
      return `The AWS profile ${quoted(current)} has both source_profile and credential_source: keep the one that has the credentials for its role_arn.`;
    }
    if (
      role_arn !== undefined &&
      source_profile === undefined &&
      credential_source === undefined &&
      web_identity_token_file === undefined &&
      !hasKeys
    ) {
      return `The AWS profile ${quoted(current)} has a role_arn, and nothing that says with whose credentials it is taken: add source_profile or credential_source.`;
    }
    if (role_arn !== undefined && mfa_serial !== undefined && (source_profile ?? credential_source) !== undefined)
      return mfaFault(current, name, isNamed, profiles[name]?.region);
    if (sso_session !== undefined && !ssoSessions.includes(sso_session)) {
      return `The AWS profile ${quoted(current)} names the sso_session ${quoted(sso_session)}, and there is no such section: run "aws configure sso --profile ${shellWord(current)}".`;
    }
    if (role_arn === undefined || source_profile === undefined || source_profile === current) return undefined;
    current = source_profile;
  }
}

/** The profile at the end of the chain, which has the credentials. */
export function lastProfile({ name, profiles }: AwsSettings): { readonly name: string; readonly profile: Profile } {
  let [current, profile] = [name, profiles[name] ?? {}];
  for (
    let steps = 0;
    steps < 10 &&
    profile.role_arn !== undefined &&
    profile.source_profile !== undefined &&
    profile.source_profile !== current;
    steps++
  ) {
    current = profile.source_profile;
    profile = profiles[current] ?? {};
  }
  return { name: current, profile };
}

function mfaFault(profile: string, name: string, isNamed: boolean, region: string | undefined): string {
  const commands = [
    `eval "$(aws configure export-credentials --profile ${shellWord(name)} --format env)"`,
    ...(isNamed ? ['unset AWS_PROFILE'] : []), // which the SDK prefers to the keys
    ...(region !== undefined && variable('AWS_REGION') === undefined ? [`export AWS_REGION=${shellWord(region)}`] : []),
  ];
  return `The AWS profile ${quoted(profile)} wants a code of its MFA device (mfa_serial), for which only the AWS CLI asks: run ${commands.join('; ')} and try again.`;
}

/** The operating system's code for why a file cannot be read. */
export function readFault(file: string): string | undefined {
  try {
    readFileSync(file);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

export function quoted(name: string): string {
  return `"${escaped(name)}"`;
}
