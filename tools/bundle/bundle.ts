import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { licensesOf } from './licenses';

/**
 * Entries of the bundles, by the folder in `assets/` that the construct deploys. A bundle is an ES module, which may wait at its top level; the sources
 * compile to CommonJS, which may not.
 */
const BUNDLES = {
  'payment-processor': `import { createHandler } from './src/processor/handler'; export const handler = await createHandler();`,
  'dlq-processor': `export { handler } from './src/dlq-processor/handler';`,
};

/** Replacements for heavy packages of which a function needs next to nothing. Each says why it is safe. */
const STAND_INS = {
  '@aws-sdk/credential-provider-node': 'src/runtime/stand-ins/function-credentials.ts',
  semver: 'src/runtime/stand-ins/semver.ts',
};

/** Powertools' tracer is CommonJS inside, and asks for `require`. */
const REQUIRE_BANNER = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/** Bundles the handlers of the project. @returns a line for each bundle, with its size */
export async function bundle(root: string): Promise<string[]> {
  const lines: string[] = [];
  const metafiles: Metafile[] = [];
  for (const [name, contents] of Object.entries(BUNDLES)) {
    const outfile = join(root, 'assets', name, 'index.mjs');
    const { outputFiles, metafile } = await build({
      write: false,
      metafile: true,
      absWorkingDir: root,
      stdin: { contents, resolveDir: root, sourcefile: `${name}.js` },
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
    lines.push(`assets/${name}/index.mjs  ${(size / 1024).toFixed(0)} KiB`);
  }
  await replace(join(root, 'assets', 'THIRD-PARTY-LICENSES.txt'), licensesOf(root, metafiles));
  return lines;
}

/** Replaces the file in one step, as another process may be loading it. */
async function replace(path: string, contents: Uint8Array | string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, contents);
  await rename(unfinished, path);
}
