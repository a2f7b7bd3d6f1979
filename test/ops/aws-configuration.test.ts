import { body } from '../../tools/kit/scripted-server';
import { fileOf, outputsOf, runOps } from '../../tools/kit/ops/ops-bench';
import {
  applySettings,
  aws,
  type AwsSettings,
  KEYS,
  ops,
  restoreEnvironment,
  ROLE,
} from '../../tools/kit/ops/aws-settings';

const outputs = fileOf(outputsOf());
beforeAll(() => aws.start());
afterAll(() => aws.stop());
afterEach(restoreEnvironment);

test.each<[what: string, given: AwsSettings]>([
  ['keys of the environment', { env: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' } }],
  [
    'keys of the environment, and a profile "default" that wants an MFA code',
    {
      config: `[default]\n${ROLE}source_profile = default\nmfa_serial = x\n`,
      env: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' },
    },
  ],
  [
    'keys of the environment, and files that cannot be read',
    { env: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's', AWS_CONFIG_FILE: '/proc' } },
  ],
  ['a profile of the credentials file', { credentials: `[ops]\n${KEYS}`, env: ops }],
  ['a profile with keys and mfa_serial alone', { config: `[profile ops]\n${KEYS}\nmfa_serial = x\n`, env: ops }],
  [
    'a credential_process',
    {
      config: `[profile ops]\ncredential_process = echo '{"Version":1,"AccessKeyId":"a","SecretAccessKey":"s"}'\n`,
      env: ops,
    },
  ],
])('%s: taken', async (_what, given) => {
  applySettings({ ...given, answer: body('{}') });
  expect(await runOps(['payment', 'tx-1', '--outputs', outputs])).toMatchObject({ code: 1, stderr: '' });
});

test.each<[what: string, given: AwsSettings, sentence: RegExp]>([
  ['none', {}, /^No AWS region is set: set AWS_REGION, or give --outputs FILE/],
  [
    "none, but the CLI's",
    { env: { AWS_DEFAULT_REGION: 'eu-west-1' } },
    /^No AWS region is set: set AWS_REGION.*AWS_DEFAULT_REGION is for the AWS CLI only/,
  ],
  [
    'none in the profile',
    { config: `[profile ops]\n${KEYS}`, env: ops },
    /^No AWS region is set: set AWS_REGION, or a region in the AWS profile "ops"/,
  ],
  [
    'a profile that is mistyped',
    { config: `[profile ops]\n${KEYS}`, env: { AWS_PROFILE: 'opps' } },
    /^AWS_PROFILE is "opps", and there is no such profile/,
  ],
  ['a file that cannot be read', { env: { ...ops, AWS_CONFIG_FILE: '/proc' } }, /^\/proc cannot be read \(EISDIR\)/],
  ['one that is none', { env: { AWS_REGION: 'eu west 1' } }, /^AWS_REGION is "eu west 1", which is no region/],
  [
    'one of the profile that is none',
    { config: `[profile ops]\n${KEYS}\nregion = eu/west\n`, env: ops },
    /^The region of the AWS profile "ops" is "eu\/west", which is no region/,
  ],
])('the region: %s', async (_what, given, sentence) => {
  applySettings(given);
  expect(await runOps(['payment', 'tx-1'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(sentence) as string,
  });
});
