import { EXIT } from '../../src/cli/command-error';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findAccount } from '../../tools/deploy/account';
import { status } from '../../tools/kit/scripted-server';
import { loggedIn, SSO_START_URL } from '../../tools/kit/ops/sso-login';
import { fileOf, outputsOf, runOps } from '../../tools/kit/ops/ops-bench';
import {
  applySettings,
  aws,
  type AwsSettings,
  KEYS,
  ops,
  restoreEnvironment,
  ROLE,
  stsError,
} from '../../tools/kit/ops/aws-settings';

const outputs = fileOf(outputsOf());
beforeAll(() => aws.start());
afterAll(() => aws.stop());
afterEach(restoreEnvironment);

const SSO = `sso_start_url = ${SSO_START_URL}\nsso_region = eu-west-1\nsso_account_id = 000000000000\nsso_role_name = operator\n`;
const SSO_SESSION =
  '[profile ops]\nsso_session = corp\nsso_account_id = 000000000000\nsso_role_name = operator\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://sso.example.com\n';
const loginUntil = (time: string) => (home: string) => {
  loggedIn(home, time);
};

const CASES: Readonly<Record<string, readonly [given: AwsSettings, sentence: RegExp]>> = {
  nothing: [{}, /^No AWS credentials were found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID/],
  'a default profile without credentials': [
    { config: '[default]\nregion = eu-west-1\n' },
    /^No AWS credentials were found: set AWS_PROFILE/,
  ],
  'a mistyped profile': [
    { config: `[profile ops]\n${KEYS}`, env: { AWS_PROFILE: 'opps' } },
    /^AWS_PROFILE is "opps", and there is no such profile in \S+config or \S+credentials: .*aws configure list-profiles/,
  ],
  'a mistyped profile beside keys': [
    { env: { AWS_PROFILE: 'opps', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' } },
    /^AWS_PROFILE is "opps", and there is no such profile/,
  ],
  "a mistyped profile with the terminal's controls": [
    { env: { AWS_PROFILE: '\u001b[2J' } },
    /^AWS_PROFILE is "\\x1b\[2J"/,
  ],
  'a profile in a configuration file that is not there': [
    { env: { ...ops, AWS_CONFIG_FILE: '/none/config' } },
    /^AWS_PROFILE is "ops", and there is no such profile in \/none\/config/,
  ],
  'a configuration file that cannot be read': [
    { env: { ...ops, AWS_CONFIG_FILE: '/proc' } },
    /^\/proc cannot be read \(EISDIR\)/,
  ],
  'a credentials file that cannot be read': [
    { config: '[profile ops]\n', env: { ...ops, AWS_SHARED_CREDENTIALS_FILE: '/proc' } },
    /^\/proc cannot be read \(EISDIR\)/,
  ],
  'a profile without credentials': [
    { config: '[profile ops]\nregion = eu-west-1\n', env: ops },
    /^The AWS profile "ops" has no credentials in it: .*aws configure --profile ops/,
  ],
  'a profile with half a key': [
    { config: '[profile ops]\naws_access_key_id = AKIAMARKED\n', env: ops },
    /^The AWS profile "ops" has only one of aws_access_key_id and aws_secret_access_key/,
  ],
  'half a key in the environment': [
    { env: { AWS_ACCESS_KEY_ID: 'AKIAMARKED' } },
    /^Of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set/,
  ],
  'an MFA device': [
    {
      config: `[profile ops]\n${ROLE}source_profile = keys\nmfa_serial = arn:aws:iam::0:mfa/me\nregion = eu-west-1\n[profile keys]\n${KEYS}`,
      env: ops,
    },
    /^The AWS profile "ops" wants a code of its MFA device \(mfa_serial\), .*eval "\$\(aws configure export-credentials --profile ops --format env\)"; unset AWS_PROFILE; export AWS_REGION=eu-west-1/,
  ],
  'an MFA device of the default profile': [
    { config: `[default]\n${ROLE}source_profile = keys\nmfa_serial = x\n[profile keys]\n${KEYS}` },
    /^The AWS profile "default" wants a code of its MFA device .*--profile default --format env\)" and try again/,
  ],
  'an MFA device of the profile below': [
    {
      config: `[profile ops]\n${ROLE}source_profile = base\n[profile base]\n${ROLE}source_profile = keys\nmfa_serial = x\n[profile keys]\n${KEYS}`,
      env: ops,
    },
    /^The AWS profile "base" wants a code of its MFA device .*--profile ops /,
  ],
  'an MFA device, and a source that fails': [
    {
      config: `[profile ops]\n${ROLE}source_profile = keys\nmfa_serial = x\n[profile keys]\ncredential_process = false`,
      env: ops,
    },
    /^The AWS profile "ops" wants a code of its MFA device/,
  ],
  'a failing credential_process': [
    { config: '[profile ops]\ncredential_process = sh -c "echo MARKED >&2; exit 3"\n', env: ops },
    /^The credential_process of the AWS profile "ops" failed: run it by hand/,
  ],
  'a credential_process that is not there': [
    { config: '[profile ops]\ncredential_process = /none/MARKED\n', env: ops },
    /^The credential_process of the AWS profile "ops" failed/,
  ],
  'a credential_process that answers otherwise': [
    { config: '[profile ops]\ncredential_process = echo MARKED\n', env: ops },
    /^The credential_process of the AWS profile "ops" returned invalid JSON/,
  ],
  'a credential_process with old credentials': [
    {
      config: `[profile ops]\ncredential_process = echo '{"Version":1,"AccessKeyId":"MARKED","SecretAccessKey":"MARKED","Expiration":"2020-01-01T00:00:00Z"}'\n`,
      env: ops,
    },
    /^The credential_process of the AWS profile "ops" returned expired credentials/,
  ],
  "the source's credential_process fails": [
    { config: `[profile ops]\n${ROLE}source_profile = base\n[profile base]\ncredential_process = false\n`, env: ops },
    /^The credential_process of the AWS profile "base" failed/,
  ],
  'a source_profile that is not there': [
    { config: `[profile ops]\n${ROLE}source_profile = bas\n`, env: ops },
    /^The AWS profile "ops" takes its credentials from source_profile "bas", and there is no such profile/,
  ],
  'profiles that lean upon each other': [
    { config: `[profile ops]\n${ROLE}source_profile = base\n[profile base]\n${ROLE}source_profile = ops\n`, env: ops },
    /^The AWS profiles "ops" and "base" take their credentials from each other/,
  ],
  'a role and no source': [
    { config: `[profile ops]\n${ROLE}`, env: ops },
    /^The AWS profile "ops" has a role_arn, and nothing that says .*source_profile or credential_source/,
  ],
  'a role and two sources': [
    {
      config: `[profile ops]\n${ROLE}source_profile = base\ncredential_source = Environment\n[profile base]\n${KEYS}`,
      env: ops,
    },
    /^The AWS profile "ops" has both source_profile and credential_source/,
  ],
  'a role of the environment, which has none': [
    { config: `[profile ops]\n${ROLE}credential_source = Environment\n`, env: ops },
    /^The AWS profile "ops" takes its credentials from credential_source "Environment", which has none/,
  ],
  'a role that may not be taken': [
    { config: `[profile ops]\n${ROLE}source_profile = base\nregion = eu-west-1\n[profile base]\n${KEYS}`, env: ops },
    /^The role of the AWS profile "ops" may not be taken \(AccessDenied\)/,
  ],
  'a role whose keys AWS does not know': [
    {
      config: `[profile ops]\n${ROLE}source_profile = base\nregion = eu-west-1\n[profile base]\n${KEYS}`,
      env: ops,
      answer: stsError('InvalidClientTokenId'),
    },
    /^AWS does not take the keys with which the role .* is taken \(InvalidClientTokenId\)/,
  ],
  'a token file that is not there': [
    { env: { AWS_WEB_IDENTITY_TOKEN_FILE: '/none/token', AWS_ROLE_ARN: 'arn:aws:iam::000000000000:role/operator' } },
    /^The web identity token file \/none\/token of AWS_WEB_IDENTITY_TOKEN_FILE cannot be read \(ENOENT\)/,
  ],
  'a token file of a profile that is not there': [
    { config: `[profile ops]\n${ROLE}web_identity_token_file = /none/token\n`, env: ops },
    /^The web identity token file \/none\/token of the AWS profile "ops" cannot be read \(ENOENT\)/,
  ],
  'a token file without its role': [
    { env: { AWS_WEB_IDENTITY_TOKEN_FILE: '/none/token' } },
    /^AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not/,
  ],
  'a token that STS does not take': [
    {
      env: {
        AWS_WEB_IDENTITY_TOKEN_FILE: '~/token',
        AWS_ROLE_ARN: 'arn:aws:iam::000000000000:role/operator',
        AWS_REGION: 'eu-west-1',
      },
      answer: stsError('ExpiredTokenException'),
      home: (home) => {
        writeFileSync(join(home, 'token'), 'MARKED');
      },
    },
    /has expired \(ExpiredTokenException\)/,
  ],
  'no sso login': [
    { config: `[profile ops]\n${SSO}`, env: ops },
    /^The login of the AWS profile "ops" has expired, or there was none.*aws sso login --profile ops/,
  ],
  'an old sso login': [
    { config: `[profile ops]\n${SSO}`, env: ops, home: loginUntil('2020-01-01T00:00:00Z') },
    /^The login of the AWS profile "ops" has expired.*aws sso login --profile ops/,
  ],
  'an sso login that is not allowed the role': [
    {
      config: `[profile ops]\n${SSO}`,
      env: ops,
      home: loginUntil('2999-01-01T00:00:00Z'),
      answer: status(403, { 'x-amzn-errortype': 'ForbiddenException' }, '{"message":"MARKED"}'),
    },
    /^The login of the AWS profile "ops" .*does not allow the profile's role.*aws sso login --profile ops/,
  ],
  'no login of an sso session': [
    { config: SSO_SESSION, env: ops },
    /^The login of the AWS profile "ops" has expired, or there was none.*aws sso login --profile ops/,
  ],
  'an sso session that is not there': [
    { config: SSO_SESSION.replace('[sso-session corp]', '[sso-session other]'), env: ops },
    /^The AWS profile "ops" names the sso_session "corp", and there is no such section/,
  ],
  'an sso login of a profile whose name the shell would take apart': [
    { config: `[profile ops@x:y]\n${SSO}`, env: { AWS_PROFILE: 'ops@x:y' } },
    /aws sso login --profile ops@x:y"/,
  ],
  'no aws login': [
    { config: '[profile ops]\nlogin_session = arn:aws:iam::000000000000:user/me\nregion = eu-west-1\n', env: ops },
    /^The login of the AWS profile "ops" has expired, or there was none: run "aws login --profile ops"/,
  ],
  'a container without a role': [
    { env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:9/' } },
    /^The credentials of this container .*cannot be had/,
  ],
};

test.each(Object.entries(CASES))(
  '%s: one sentence with what to do, no secret, and no stack',
  async (_what, [given, sentence]) => {
    applySettings(given);
    const { code, stdout, ...ran } = await runOps(['payment', 'tx-1', '--outputs', outputs]);
    const stderr = ran.stderr.replace(/^ {2}asking AWS … \d s\n/gm, '');
    expect(stderr).toMatch(sentence);
    expect({ code, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 2, stdout: '', lines: 1 });
    expect(stderr).not.toMatch(/MARKED|AWS_ENDPOINT_URL|\bat \//);
  },
);

test.each([
  'a mistyped profile',
  'an MFA device',
  'a failing credential_process',
  'a token file that is not there',
  'no sso login',
  'nothing',
])('%s: a deployment says the same', async (what) => {
  const [given, sentence] = CASES[what]!;
  applySettings(given);
  await expect(findAccount('ap-southeast-1')).rejects.toMatchObject({
    exitCode: EXIT.usageError,
    message: expect.stringMatching(sentence) as string,
  });
});
