import assert from 'node:assert/strict';
import { engines, peerDependencies } from '../../package.json';
import type { UserProject } from './user-project';

const OLD_NODE = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } });`;
const NODE_SENTENCE = /cdktf-payment-pipeline needs Node 20 or newer, and this is 18\.20\.8: install a newer one\./;

/** Programs that import a part of the package, each way. */
const IMPORTS = ['', '/producer'].flatMap((entry) => [
  { entry, args: ['-e', `require('cdktf-payment-pipeline${entry}')`] },
  {
    entry,
    args: [
      '--input-type=module',
      '-e',
      `import * as part from 'cdktf-payment-pipeline${entry}'; console.log(Object.keys(part));`,
    ],
  },
]);

/** The construct without its peers. @returns the sentence */
export async function missingPeers(project: UserProject): Promise<string> {
  const command = `npm install ${Object.entries(peerDependencies)
    .map(([name, range]) => `"${name}@${range.replace(/^>=(\S+) .*/, '^$1')}"`)
    .join(' ')}`;
  const sentence = `PaymentPipeline builds upon packages that are not installed here: run ${command}.`;
  for (const { args } of IMPORTS.filter(({ entry }) => entry === '')) {
    const { code, stderr } = await project.node(args);
    assert.ok(code === 1 && stderr.includes(`MissingPeersError: ${sentence}\n`), stderr);
  }
  return sentence;
}

/** A Node that says of itself to be an old one. @returns the sentence */
export async function oldNode(project: UserProject): Promise<string> {
  project.write('old-node.cjs', OLD_NODE);
  const old = ['--require', './old-node.cjs'];
  for (const { args } of IMPORTS) {
    const { code, stderr } = await project.node([...old, ...args]);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`UnsupportedNodeError: ${NODE_SENTENCE.source}`));
  }
  const { code, stdout, stderr } = await project.node([...old, 'node_modules/.bin/payment-pipeline', '--help']);
  assert.match(stderr, new RegExp(`^${NODE_SENTENCE.source}\n$`));
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  return `${stderr.trim()} (engines: ${engines.node})`;
}

/** The command as npm links it. */
export async function runCommand(project: UserProject): Promise<void> {
  const { code, stdout, stderr } = await project.node(['node_modules/.bin/payment-pipeline', '--help']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(
    stdout,
    /^Usage: npx payment-pipeline <command> \[options\]\n[^]*Examples:\n {2}npx payment-pipeline status --environment production\n/,
  );
}
