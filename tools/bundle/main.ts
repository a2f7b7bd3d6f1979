import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, type Metafile } from 'esbuild';
import { EXIT, runAsProcess, type Command } from '../../src/cli/command';
import { licensesOf } from './licenses';

/** Handler bundles, by the folder in `assets/` that the construct deploys. */
const BUNDLES = {
  'payment-processor': 'src/processor/handler.ts',
  'dlq-processor': 'src/dlq-processor/handler.ts',
};

/** Heavy packages of which a function needs next to nothing; each stand-in says why that is safe. */
const STAND_INS = {
  '@aws-sdk/credential-provider-node': 'src/runtime/stand-ins/function-credentials.ts',
  semver: 'src/runtime/stand-ins/semver.ts',
};

const HELP = `Bundles the Lambda handlers into assets/, one file each, with its source map beside it.

Usage: npx projen bundle

Examples:
  npx projen bundle

Exit codes: 0 done, 2 nothing was bundled. Behind npx projen every failure is 1.
`;

/** Powertools' tracer is CommonJS inside, and asks for `require`. */
const REQUIRE_BANNER = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

async function bundle(root: string): Promise<void> {
  const metafiles: Metafile[] = [];
  for (const [name, entry] of Object.entries(BUNDLES)) {
    const outfile = join(root, 'assets', name, 'index.mjs');
    const { outputFiles, metafile } = await build({
      write: false,
      metafile: true,
      absWorkingDir: root,
      entryPoints: [entry],
      outfile,
      bundle: true,
      minify: true,
      sourcemap: 'external', // stays out of the deployed zip, so nothing in the bundle points to it
      platform: 'node',
      format: 'esm',
      target: 'node20', // runs on Lambda's Node 22 and on a laptop's 20
      mainFields: ['module', 'main'],
      alias: Object.fromEntries(Object.entries(STAND_INS).map(([name, file]) => [name, join(root, file)])),
      banner: { js: REQUIRE_BANNER },
      legalComments: 'none', // all of them are in one file beside the bundles
      logLevel: 'warning',
    });
    await mkdir(dirname(outfile), { recursive: true });
    for (const { path, contents } of outputFiles) await replace(path, contents);
    metafiles.push(metafile);
    const { size } = await stat(outfile);
    process.stdout.write(`assets/${name}/index.mjs  ${(size / 1024).toFixed(0)} KiB\n`);
  }
  await replace(join(root, 'assets', 'THIRD-PARTY-LICENSES.txt'), licensesOf(root, metafiles));
}

/** In one step: somebody may be loading the file. */
async function replace(path: string, contents: Uint8Array | string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, contents);
  await rename(unfinished, path);
}

export const bundling: Command = {
  help: HELP,
  run: async (args) => {
    parseArgs({ args, options: {} });
    await bundle(join(__dirname, '../..'));
    return EXIT.success;
  },
};

if (require.main === module) runAsProcess(bundling);
