import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { BUILT_OPS } from '../ops/ops-process';

/** cdktf as one file, which a suite loads in a fifth of the time that its 373 files take; projenrc/lanes.ts maps imports to it. */
const BUILT_CDKTF = 'node_modules/.cache/packages/cdktf.cjs';

const ROOT = join(__dirname, '../../..');

/** Sources of the functions' bundles and of the stacks. */
const SOURCES = ['examples', 'src', 'tools/bundle', 'tools/kit/stacks', 'package-lock.json'];

/** The programs that write them, and their output. */
const PROGRAMS = ['tools/bundle/main.ts', 'tools/kit/stacks/configurations.ts'];
const WRITTEN = [
  'assets/payment-processor/index.mjs',
  'assets/dlq-processor/index.mjs',
  'cdktf.out/stacks/payment-pipeline/cdk.tf.json',
  'node_modules/.cache/stacks',
];

/** Written last. Sources or outputs that are newer changed afterwards: the stack may have another profile now. */
const STAMP = 'node_modules/.cache/built-for-tests';

/** Writes the functions' bundles, the stacks, the operator's tool and cdktf for the suites, unless they are newer than their sources. */
export default function build(): void {
  const files = [...[STAMP, ...WRITTEN, BUILT_CDKTF].map((file) => join(ROOT, file)), BUILT_OPS];
  if (
    files.every((file) => existsSync(file)) &&
    [...SOURCES, ...WRITTEN].every((path) => newest(join(ROOT, path)) <= changed(files[0]!))
  )
    return;
  for (const program of PROGRAMS)
    execFileSync(process.execPath, ['--import', 'tsx', program], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  bundle('src/ops/main.ts', BUILT_OPS);
  bundle('node_modules/cdktf/lib/index.js', BUILT_CDKTF);
  mkdirSync(dirname(files[0]!), { recursive: true });
  writeFileSync(files[0]!, '');
}

function bundle(entryPoint: string, outfile: string): void {
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    external: ['constructs'], // one copy for all that extend its classes
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
}

function changed(path: string): number {
  return statSync(path).mtimeMs;
}

/** The latest change of a file, or of a directory and its content. A directory changes when a file is deleted. */
function newest(path: string): number {
  const within = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
  return Math.max(changed(path), ...within.map((name) => changed(join(path, name))));
}
