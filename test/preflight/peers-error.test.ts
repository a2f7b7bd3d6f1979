import { devDependencies, peerDependencies } from '../../package.json';
import {
  MissingPeersError,
  MixedPeersError,
  type Peer,
  peersError,
  UnsupportedPeersError,
} from '../../src/preflight/peers-error';

type Installed = Readonly<Record<string, readonly [name: string, version: string] | undefined>>;

const CDKTF: Installed = Object.fromEntries(
  Object.keys(peerDependencies).map((name) => [name, [name, devDependencies[name as keyof typeof peerDependencies]]]),
);

/** The newest of CDK Terrain, under the names of CDKTF. */
const TERRAIN: Installed = {
  cdktf: ['cdktn', '0.24.0'],
  constructs: ['constructs', '10.7.2'],
  '@cdktf/provider-archive': ['@cdktn/provider-archive', '14.0.1'],
  '@cdktf/provider-aws': ['@cdktn/provider-aws', '25.7.0'],
  '@cdktf/provider-random': ['@cdktn/provider-random', '15.0.1'],
};

function errorWith(installed: Installed): Error | undefined {
  const peers = Object.entries(peerDependencies).map(([name, range]): Peer => {
    const [own = name, version] = installed[name] ?? [];
    return { name, range, installed: version === undefined ? undefined : { name: own, version } };
  });
  return peersError(peers);
}

test.each<[string, Installed]>([
  ['of CDKTF, with AWS provider 5', CDKTF],
  ['of CDKTF, with AWS provider 6', { ...CDKTF, '@cdktf/provider-aws': ['@cdktf/provider-aws', '21.22.1'] }],
  ['of CDKTF, with the newest constructs', { ...CDKTF, constructs: ['constructs', '10.8.1'] }],
  ['of CDK Terrain', TERRAIN],
  [
    'of the first CDK Terrain',
    { ...TERRAIN, cdktf: ['cdktn', '0.22.0'], '@cdktf/provider-aws': ['@cdktn/provider-aws', '22.0.0'] },
  ],
])('packages %s will do', (_, installed) => {
  expect(errorWith(installed)).toBeUndefined();
});

test.each<[string, Installed, string]>([
  [
    'of CDKTF when nothing is installed',
    {},
    'npm install "@cdktf/provider-archive@^11.0.1" "@cdktf/provider-aws@^20.1.0" "@cdktf/provider-random@^12.0.1" "cdktf@^0.21.0" "constructs@^10.4.2"',
  ],
  ['of CDKTF beside others of it', { ...CDKTF, cdktf: undefined }, 'npm install "cdktf@^0.21.0"'],
  [
    'of CDK Terrain beside others of it',
    { ...TERRAIN, '@cdktf/provider-random': undefined },
    'npm install "@cdktf/provider-random@npm:@cdktn/provider-random@<17"',
  ],
])('missing packages are asked for: %s', (_, installed, command) => {
  const error = errorWith(installed);
  expect(error).toBeInstanceOf(MissingPeersError);
  expect(error?.message).toBe(`PaymentPipeline builds upon packages that are not installed here: run ${command}.`);
});

test.each<[string, Installed, string]>([
  [
    'too old',
    { ...CDKTF, cdktf: ['cdktf', '0.20.12'] },
    'cdktf >=0.21.0 <0.27, not 0.20.12): run npm install "cdktf@^0.21.0".',
  ],
  [
    'too new',
    { ...TERRAIN, cdktf: ['cdktn', '0.27.0'] },
    'cdktf >=0.21.0 <0.27, not 0.27.0): run npm install "cdktf@npm:cdktn@<0.27".',
  ],
  [
    'older and newer',
    { ...CDKTF, '@cdktf/provider-aws': ['@cdktf/provider-aws', '19.65.1'], constructs: ['constructs', '11.0.0'] },
    '@cdktf/provider-aws >=20.1.0 <27, not 19.65.1; constructs >=10.4.2 <11, not 11.0.0): run npm install "@cdktf/provider-aws@^20.1.0" "constructs@^10.4.2".',
  ],
])('packages that are %s are named with their range', (_, installed, end) => {
  const error = errorWith(installed);
  expect(error).toBeInstanceOf(UnsupportedPeersError);
  expect(error?.message).toBe(`PaymentPipeline needs other versions of its packages (${end}`);
});

test.each<[string, Installed]>([
  ["CDK Terrain's provider with cdktf", { ...CDKTF, '@cdktf/provider-aws': TERRAIN['@cdktf/provider-aws'] }],
  ["CDKTF's provider with cdktn", { ...TERRAIN, '@cdktf/provider-random': CDKTF['@cdktf/provider-random'] }],
  ['both, and one missing', { ...TERRAIN, cdktf: CDKTF.cdktf, '@cdktf/provider-random': undefined }],
])('%s get one sentence, which names what is installed and the page', (_, installed) => {
  const error = errorWith(installed);
  expect(error).toBeInstanceOf(MixedPeersError);
  for (const [name, version] of Object.values(installed).flatMap((one) =>
    one && one[0] !== 'constructs' ? [one] : [],
  ))
    expect(error?.message).toContain(`${name} ${version}`);
  expect(error?.message).toMatch(/\/docs\/explanation\/ecosystems\.md\.$/);
});
