import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { BUILT_OPS } from '../ops/ops-process';

const ROOT = join(__dirname, '../../..');

/** What the functions' bundles and the stack are made from. */
const SOURCES = ['src', 'tools/bundle', 'tools/kit/stacks', 'package-lock.json'];

/** The programs that make them, and what they write. */
const PROGRAMS = ['tools/bundle/main.ts', 'tools/kit/stacks/configurations.ts'];
const WRITTEN = [
  'assets/payment-processor/index.mjs',
  'assets/dlq-processor/index.mjs',
  'cdktf.out/stacks/payment-pipeline/cdk.tf.json',
  'node_modules/.cache/stacks',
];

/** Written last. What is newer than it was changed since: the sources, or the stack, which may have another profile now. */
const STAMP = 'node_modules/.cache/built-for-tests';

/** Makes the functions' bundles, the stack and the operator's tool before the suites read them, unless they are newer than every source. */
export default function build(): void {
  const files = [...[STAMP, ...WRITTEN].map((file) => join(ROOT, file)), BUILT_OPS];
  if (
    files.every((file) => existsSync(file)) &&
    [...SOURCES, ...WRITTEN].every((path) => newest(join(ROOT, path)) <= changed(files[0]!))
  )
    return;
  for (const program of PROGRAMS)
    execFileSync(process.execPath, ['--import', 'tsx', program], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['src/ops/main.ts'],
    outfile: BUILT_OPS,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  });
  mkdirSync(dirname(files[0]!), { recursive: true });
  writeFileSync(files[0]!, '');
}

function changed(path: string): number {
  return statSync(path).mtimeMs;
}

/** Of a file, or of a directory and all within: a directory changes when a file of it goes. */
function newest(path: string): number {
  const within = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
  return Math.max(changed(path), ...within.map((name) => changed(join(path, name))));
}
