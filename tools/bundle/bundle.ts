import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { licensesOf } from './licenses';

/** Entries of the bundles, by the folder in `assets/` that the construct deploys. */
const BUNDLES = {
  'payment-processor': 'src/processor/handler.ts',
  'dlq-processor': 'src/dlq-processor/handler.ts',
};

/** Modules that a handler imports only when it needs them. Each is a bundle of its own beside the handler's, so that this stays as fast to start. */
const LAZY: Plugin = {
  name: 'lazy',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/runtime\// }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.js')}.mjs`, external: true } : undefined,
    );
  },
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
  for (const [name, entry] of Object.entries(BUNDLES)) {
    const directory = join(root, 'assets', name);
    const write = async (file: string, options: BuildOptions) => {
      const outfile = join(directory, file);
      const { outputFiles, metafile } = await build({
        ...optionsFor(root),
        ...options,
        outfile,
        write: false,
        metafile: true,
      });
      await mkdir(directory, { recursive: true });
      for (const { path, contents } of outputFiles) await replace(path, contents);
      metafiles.push(metafile);
      lines.push(`assets/${name}/${file}  ${((await stat(outfile)).size / 1024).toFixed(0)} KiB`);
      return metafile;
    };
    const { outputs } = await write('index.mjs', {
      entryPoints: [entry],
      sourcemap: 'external', // stays out of the deployed zip, so nothing in the bundle points to it
      plugins: [LAZY],
    });
    const lazy = Object.values(outputs).flatMap(({ imports }) =>
      imports.filter(({ kind }) => kind === 'dynamic-import'),
    );
    for (const { path } of lazy.filter((one) => one.path.endsWith('.mjs'))) {
      const module = basename(path, '.mjs');
      await write(`${module}.mjs`, { entryPoints: [`src/runtime/${module}.ts`] });
    }
  }
  await replace(join(root, 'assets', 'THIRD-PARTY-LICENSES.txt'), licensesOf(root, metafiles));
  return lines;
}

function optionsFor(root: string): BuildOptions {
  return {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20', // runs on Lambda's Node 22 and on a laptop's 20
    mainFields: ['module', 'main'],
    alias: Object.fromEntries(Object.entries(STAND_INS).map(([name, file]) => [name, join(root, file)])),
    banner: { js: REQUIRE_BANNER },
    legalComments: 'none', // all of them are in one file beside the bundles
    logLevel: 'warning',
  };
}

/** Replaces the file in one step, as another process may be loading it. */
async function replace(path: string, contents: Uint8Array | string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, contents);
  await rename(unfinished, path);
}
