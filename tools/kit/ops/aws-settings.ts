import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, ScriptedServer, status } from '../scripted-server';
import { newDirectory } from '../new-directory';

/** AWS with STS and SSO. Nothing else is called, and never the instance metadata. */
export const aws = new ScriptedServer();
const before = process.env;

export function restoreEnvironment(): void {
  process.env = before;
}

/** The configuration of one machine. */
export interface AwsSettings {
  readonly config?: string;
  readonly credentials?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The answer to every call. */
  readonly answer?: Answer;
  /** Prepares the home directory. */
  readonly home?: (home: string) => void;
}

export const KEYS = 'aws_access_key_id = AKIAMARKED\naws_secret_access_key = MARKED';
export const stsError = (code: string) =>
  status(
    403,
    { 'content-type': 'text/xml' },
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>MARKED</Message></Error></ErrorResponse>`,
  );

/** Makes the settings those of this process, and AWS answer its calls. */
export function applySettings({
  config = '',
  credentials,
  env = {},
  answer = stsError('AccessDenied'),
  home: prepare,
}: AwsSettings): void {
  const home = newDirectory();
  const at = join(home, '.aws');
  mkdirSync(at);
  writeFileSync(join(at, 'config'), config);
  if (credentials !== undefined) writeFileSync(join(at, 'credentials'), credentials);
  prepare?.(home);
  const inherited = Object.entries(before).filter(([name]) => !/^AWS_|_proxy$/i.test(name));
  process.env = {
    ...Object.fromEntries(inherited),
    HOME: home,
    AWS_ENDPOINT_URL: new URL(aws.url).origin,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...env,
  };
  for (const [name, value] of Object.entries(process.env)) process.env[name] = value?.replace('~', home);
  aws.answers(answer);
}

export const ROLE = 'role_arn = arn:aws:iam::000000000000:role/operator\n';
export const ops = { AWS_PROFILE: 'ops' };
