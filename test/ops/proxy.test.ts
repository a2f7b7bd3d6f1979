import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ConnectProxy } from '../../tools/kit/ops/connect-proxy';
import { loggedIn, SSO_START_URL } from '../../tools/kit/ops/sso-login';
import { body, ScriptedServer } from '../../tools/kit/scripted-server';
import { bodyOf } from '../../tools/kit/loopback-server';
import { newDirectory } from '../../tools/kit/new-directory';
import { fileOf, outputsOf } from '../../tools/kit/ops/ops-bench';
import { OpsRuns, outcomeOf, startOps } from '../../tools/kit/ops/ops-process';

const outputs = fileOf(outputsOf());

/** AWS behind the proxy, with and without TLS; a call that bypasses the proxy fails, as its host name does not exist. */
const plain = new ScriptedServer();
const directory = newDirectory();
const [keyFile, certificate] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
let tls: Server;
let trusting: OpsRuns;
const hosts: (string | undefined)[] = [];
const proxy = new ConnectProxy(() => (tls.address() as AddressInfo).port);
const plainProxy = new ConnectProxy(() => Number(new URL(plain.url).port));

beforeAll(async () => {
  const names =
    'subjectAltName=DNS:*.ap-southeast-1.amazonaws.com,DNS:*.eu-west-1.amazonaws.com,DNS:portal.sso.eu-west-1.amazonaws.com';
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '1',
      '-subj',
      '/CN=test',
      '-addext',
      names,
      '-keyout',
      keyFile,
      '-out',
      certificate,
    ],
    { stdio: 'ignore' },
  );
  tls = createTlsServer({ key: readFileSync(keyFile), cert: readFileSync(certificate) }, (request, response) => {
    hosts.push(request.headers.host);
    const credentials =
      '<Credentials><AccessKeyId>a</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>';
    const role = (action = '') =>
      `<${action}Response><${action}Result>${credentials}</${action}Result></${action}Response>`;
    const sso = {
      roleCredentials: { accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't', expiration: 32_503_680_000_000 },
    };
    void bodyOf(request).then((sent) => {
      const [service] = request.headers.host!.split('.');
      response.end(
        service === 'sts' ? role(/Action=(\w+)/.exec(sent)?.[1]) : service === 'portal' ? JSON.stringify(sso) : '{}',
      );
    });
  });
  tls.listen(0, '127.0.0.1');
  await Promise.all([once(tls, 'listening'), plain.start(), proxy.start(), plainProxy.start()]);
  plain.answers(body('{}'));
  trusting = new OpsRuns({ NODE_EXTRA_CA_CERTS: certificate });
});
afterAll(async () => {
  trusting.stop();
  await Promise.all([proxy.stop(), plainProxy.stop(), plain.stop()]);
  tls.closeAllConnections();
  tls.close();
});
beforeEach(() => {
  for (const one of [proxy, plainProxy]) Object.assign(one, { refusesWith: undefined }).tunnels.length = 0;
  hosts.length = 0;
});

/** The tool in another process, which alone can be told to trust the certificate. */
async function ops(env: NodeJS.ProcessEnv, trusts = true) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^AWS_|_proxy$/i.test(name));
  const own = {
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/none',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
  };
  const [all, variables] = [
    ['payment', 'tx-1', '--outputs', outputs],
    { ...Object.fromEntries(inherited), ...own, ...env },
  ];
  return trusts ? trusting.run(all, variables) : outcomeOf(startOps(all, variables));
}

const TABLE = 'dynamodb.ap-southeast-1.amazonaws.com:443';

test.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])('AWS is called through the proxy of %s', async (variable) => {
  expect(await ops({ [variable]: `http://${proxy.host}` })).toMatchObject({ code: 1, stderr: '' });
  expect(proxy.tunnels).toEqual([{ target: TABLE, authorization: undefined }]);
  expect(hosts).toEqual(['dynamodb.ap-southeast-1.amazonaws.com']);
});

test('an endpoint without TLS is called through the proxy of HTTP_PROXY, and not through that of HTTPS_PROXY', async () => {
  const env = {
    HTTP_PROXY: plainProxy.host,
    HTTPS_PROXY: `http://${proxy.host}`,
    AWS_ENDPOINT_URL: 'http://aws.invalid:4566',
  };
  expect(await ops(env)).toMatchObject({ code: 1, stderr: '' });
  expect([plainProxy.tunnels[0]?.target, proxy.tunnels]).toEqual(['aws.invalid:4566', []]);
});

test('a user and a password go to the proxy, and its refusal does not show them', async () => {
  const HTTPS_PROXY = `http://me:s%40cret@${proxy.host}`;
  expect(await ops({ HTTPS_PROXY })).toMatchObject({ code: 1, stderr: '' });
  expect(proxy.tunnels[0]?.authorization).toBe(`Basic ${Buffer.from('me:s@cret').toString('base64')}`);
  proxy.refusesWith = 407;
  expect(await ops({ HTTPS_PROXY })).toEqual({
    code: 2,
    stdout: '',
    stderr: `The proxy ${proxy.host} (HTTPS_PROXY) wants a user and a password, or others than it was given (407): set HTTPS_PROXY to http://USER:PASSWORD@${proxy.host}.\n`,
  });
});

test.each<
  [what: string, status: number | 'none' | undefined, env: () => NodeJS.ProcessEnv, sentence: RegExp, trusts?: boolean]
>([
  [
    'does not lead there',
    403,
    () => ({ HTTPS_PROXY: `http://${proxy.host}` }),
    /^The proxy 127\.0\.0\.1:\d+ \(HTTPS_PROXY\) does not connect to dynamodb\.ap-southeast-1\.amazonaws\.com \(403\): .*NO_PROXY/,
  ],
  [
    'does not answer',
    'none',
    () => ({ HTTPS_PROXY: `http://${proxy.host}` }),
    /The proxy 127\.0\.0\.1:\d+ \(HTTPS_PROXY\) cannot be reached \(\w+\)/,
  ],
  [
    'is down',
    undefined,
    () => ({ https_proxy: 'http://me:secret@127.0.0.1:9' }),
    /^The proxy 127\.0\.0\.1:9 \(https_proxy\) cannot be reached \(ECONNREFUSED\): check https_proxy/,
  ],
  [
    'has a name that nobody has',
    undefined,
    () => ({ HTTPS_PROXY: 'http://me:secret@proxy.invalid:3128' }),
    /^The proxy proxy\.invalid:3128 \(HTTPS_PROXY\) cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/,
  ],
  [
    'is none',
    undefined,
    () => ({ HTTPS_PROXY: 'socks5://me:secret@127.0.0.1:9' }),
    /^HTTPS_PROXY does not name an HTTP proxy: set it to http:\/\/HOST:PORT/,
  ],
  [
    'is no address',
    undefined,
    () => ({ HTTPS_PROXY: 'http://me:secret@[' }),
    /^HTTPS_PROXY does not name an HTTP proxy/,
  ],
  [
    'reads the traffic, and nobody trusts it',
    undefined,
    () => ({ HTTPS_PROXY: `http://${proxy.host}` }),
    /shows a certificate that Node does not trust \(\w+\): .*NODE_EXTRA_CA_CERTS/,
    false,
  ],
])('a proxy that %s: one sentence', async (_what, status, env, sentence, trusts = true) => {
  proxy.refusesWith = status;
  const { code, stderr } = await ops(env(), trusts);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(sentence) as string });
  expect(stderr).not.toContain('secret');
});

test('a loopback endpoint, and a host of NO_PROXY, are called directly', async () => {
  const { origin } = new URL(plain.url);
  const env = { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: `http://${proxy.host}` };
  expect(await ops({ ...env, AWS_ENDPOINT_URL: origin })).toMatchObject({ code: 1, stderr: '' });
  expect(
    await ops({ ...env, AWS_ENDPOINT_URL: 'https://aws.invalid', NO_PROXY: 'other.example, invalid' }),
  ).toMatchObject({ code: 2, stderr: expect.stringMatching(/cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/) as string });
  expect(proxy.tunnels).toEqual([]);
});

describe('the calls for credentials go through the proxy too', () => {
  const config = join(directory, 'config');
  const ROLE = 'role_arn = arn:aws:iam::000000000000:role/operator\nregion = eu-west-1\n';
  const SSO = `sso_start_url = ${SSO_START_URL}\nsso_region = eu-west-1\nsso_account_id = 000000000000\nsso_role_name = operator\n`;
  writeFileSync(
    config,
    `[profile role]\n${ROLE}source_profile = keys\n[profile keys]\naws_access_key_id = a\naws_secret_access_key = s\n[profile web]\n${ROLE}web_identity_token_file = ${config}\n[profile sso]\n${SSO}`,
  );

  test.each([
    ['role', 'sts.eu-west-1.amazonaws.com:443'],
    ['web', 'sts.ap-southeast-1.amazonaws.com:443'],
    ['sso', 'portal.sso.eu-west-1.amazonaws.com:443'],
  ])('profile %s', async (AWS_PROFILE, target) => {
    const home = newDirectory();
    loggedIn(home, '2999-01-01T00:00:00Z');
    const { code, stderr } = await ops({
      HOME: home,
      AWS_CONFIG_FILE: config,
      AWS_PROFILE,
      HTTPS_PROXY: `http://${proxy.host}`,
    });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(proxy.tunnels.map((tunnel) => tunnel.target)).toEqual([target, TABLE]);
  });

  test.each(['role', 'web', 'sso'])('and say that it is down: profile %s', async (AWS_PROFILE) => {
    const home = newDirectory();
    loggedIn(home, '2999-01-01T00:00:00Z');
    const { stderr } = await ops({
      HOME: home,
      AWS_CONFIG_FILE: config,
      AWS_PROFILE,
      HTTPS_PROXY: 'http://127.0.0.1:9',
    });
    expect(stderr).toMatch(/^The proxy 127\.0\.0\.1:9 \(HTTPS_PROXY\) cannot be reached \(ECONNREFUSED\)/);
  });
});
