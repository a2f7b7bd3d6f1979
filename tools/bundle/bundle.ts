import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { countrySpecs } from 'ibantools';
import { licensesOf } from './licenses';

/**
 * Entries of the bundles, by the folder in `assets/` that the construct deploys. A bundle is an ES module, which may wait at its top level; the sources
 * compile to CommonJS, which may not.
 */
const BUNDLES = {
  'payment-processor': `import { createHandler } from './src/processor/handler'; export const handler = await createHandler();`,
  'dlq-processor': `export { handler } from './src/dlq-processor/handler';`,
};

/** Replacements for heavy modules of which a function needs next to nothing, by the text that imports them. Each says why it is safe. */
const STAND_INS = {
  '@aws-sdk/credential-provider-node': 'function-credentials.ts',
  '@aws-sdk/endpoint-cache': 'endpoint-cache.ts',
  'cls-hooked/context': 'async-context.ts',
  './middleware/mw_utils': 'xray-sampling.ts',
  '../middleware/mw_utils': 'xray-sampling.ts',
  'node:http': 'node-http.ts',
};

/** Modules that are imported, and none of whose exports a function uses: they are empty in the bundle. */
const UNUSED = [
  // The X-Ray SDK's patches of AWS clients (the tracer patches HTTP), of promises and of databases, and what it tells of hosts other than Lambda.
  './patchers/aws_p',
  './patchers/aws3_p',
  './patchers/promise_p',
  './database/sql_data',
  './segments/attributes/aws',
  './segments/plugins/ec2_plugin',
  './segments/plugins/ecs_plugin',
  './segments/plugins/elastic_beanstalk_plugin',
  './middleware/incoming_request_data',
  // No operation of DynamoDB, SQS, SNS or Secrets Manager streams events.
  '@smithy/core/event-streams',
  // Node hashes by itself.
  './Md5Js',
  './Sha256Js',
];

/** Modules that a handler imports only when it needs them: each is a bundle of its own beside the handler's, so that this stays as fast to start. */
const LAZY: Plugin = {
  name: 'lazy',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/runtime\// }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.js')}.mjs`, external: true } : undefined,
    );
  },
};

/** Powertools' tracer is CommonJS inside, and asks for `require`. */
const REQUIRE_BANNER = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/** Bundles the handlers of the project. @returns a line for each bundle, with its size */
export async function bundle(root: string): Promise<string[]> {
  const lines: string[] = [];
  const found = new Set<string>();
  const metafiles: Metafile[] = [];
  for (const [name, contents] of Object.entries(BUNDLES)) {
    const directory = join(root, 'assets', name);
    const write = async (file: string, options: BuildOptions) => {
      const outfile = join(directory, file);
      const result = await build({ ...optionsFor(root, found), ...options, outfile, write: false, metafile: true });
      await mkdir(directory, { recursive: true });
      for (const { path, contents } of result.outputFiles) await replace(path, contents);
      metafiles.push(result.metafile);
      lines.push(`assets/${name}/${file}  ${((await stat(outfile)).size / 1024).toFixed(0)} KiB`);
      return result.metafile;
    };
    const { outputs } = await write('index.mjs', {
      stdin: { contents, resolveDir: root, sourcefile: `${name}.js` },
      sourcemap: 'external', // stays out of the deployed zip, so nothing in the bundle points to it
    });
    for (const { path } of Object.values(outputs).flatMap(({ imports }) => imports)) {
      if (path.startsWith('./'))
        await write(basename(path), { entryPoints: [`src/runtime/${basename(path, '.mjs')}.ts`] });
    }
  }
  const stale = [...Object.keys(STAND_INS), ...UNUSED].filter((path) => !found.has(path));
  if (stale.length > 0)
    throw new Error(`Nothing imports these any more, so take them out of bundle.ts: ${stale.join(', ')}`);
  await replace(join(root, 'assets', 'THIRD-PARTY-LICENSES.txt'), licensesOf(root, metafiles));
  return lines;
}

function optionsFor(root: string, found: Set<string>): BuildOptions {
  return {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20', // runs on Lambda's Node 22 and on a laptop's 20
    mainFields: ['module', 'main'],
    plugins: [lighten(root, found), LAZY],
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

/** Leaves out what the functions don't need of their packages. @param found gets each import that it replaces */
function lighten(root: string, found: Set<string>): Plugin {
  const noted = (path: string): string => {
    found.add(path);
    return path;
  };
  return {
    name: 'lighten',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: anyOf(Object.keys(STAND_INS)) }, ({ path, importer }) => {
        const standIn = join(root, 'src/runtime/stand-ins', STAND_INS[noted(path) as keyof typeof STAND_INS]);
        return importer === standIn ? undefined : { path: standIn };
      });
      onResolve({ filter: anyOf(UNUSED) }, ({ path }) => ({ path: noted(path), namespace: 'unused' }));
      onLoad({ filter: /^/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
      // The contract reads lengths and forms of IBANs, and leaves out the national checks.
      onLoad({ filter: /[\\/]ibantools\.js$/ }, () => ({ contents: `export const countrySpecs = ${formsOfIbans()};` }));
      // Clients read their own version in it, for the user agent.
      onLoad({ filter: /[\\/]package\.json$/ }, async ({ path }) => {
        const { name, version } = JSON.parse(await readFile(path, 'utf8')) as Record<'name' | 'version', string>;
        return { contents: JSON.stringify({ name, version }), loader: 'json' };
      });
    },
  };
}

function formsOfIbans(): string {
  const forms = Object.entries(countrySpecs).map(([country, { chars, bban_regexp }]) => [
    country,
    { chars, bban_regexp },
  ]);
  return JSON.stringify(Object.fromEntries(forms));
}

function anyOf(imports: readonly string[]): RegExp {
  return new RegExp(`^(${imports.map((path) => path.replaceAll('.', String.raw`\.`)).join('|')})$`);
}
