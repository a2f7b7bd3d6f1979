import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

/** What a run needs of the build. */
export interface Artifacts {
  readonly stackFile: string;
  readonly bundle: string;
}

/** @param directory of this run alone, so that runs side by side do not meet there */
export type Build = (step: (text: string) => void, directory: string) => Promise<Artifacts>;

/** Makes them again. */
export const buildArtifacts: Build = async (step, directory) => {
  step('Bundling the functions');
  await run('tools/bundle/main.ts');
  step('Synthesizing the stack');
  await run('src/app/main.ts', { CDKTF_OUTDIR: directory });
  return {
    stackFile: join(directory, 'stacks', 'payment-pipeline', 'cdk.tf.json'),
    bundle: join(ROOT, 'assets', 'payment-processor', 'index.mjs'),
  };
};

async function run(program: string, environment: Readonly<Record<string, string>> = {}): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += String(text);
    });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} failed:\n${output}`);
}
