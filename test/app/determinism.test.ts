import { App } from 'cdktf';
import { exec, execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withoutTraces } from '../../src/app/without-traces';
import { PaymentStack } from '../../src/app/payment-stack';
import { newDirectory } from '../../tools/kit/new-directory';

const ROOT = join(__dirname, '..', '..');
const directory = newDirectory();

function configuration(outdir: string): string {
  return readFileSync(join(outdir, 'stacks', 'payment-pipeline', 'cdk.tf.json'), 'utf8');
}

function synthesizeHere(name: string): string {
  const outdir = join(directory, name);
  const app = new App({ outdir });
  withoutTraces(() => {
    new PaymentStack(app);
    app.synth();
  });
  return configuration(outdir);
}

/** Synthesizes as `npx projen synth` does, from another directory. */
async function synthesizeElsewhere(): Promise<string> {
  const outdir = join(directory, 'elsewhere');
  const [tsx, main] = [join(ROOT, 'node_modules', '.bin', 'tsx'), join(ROOT, 'src', 'app', 'main.ts')];
  await promisify(execFile)(tsx, [main], { cwd: directory, env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir } });
  return configuration(outdir);
}

test('the same bytes are synthesized each time, and from every directory', async () => {
  const elsewhere = synthesizeElsewhere();
  const once = synthesizeHere('once');

  expect(synthesizeHere('again')).toBe(once);
  expect(await elsewhere).toBe(once);
  expect(once).not.toContain(directory);
  expect(once).not.toContain(ROOT);
});

test('the command in cdktf.json, as the command lines of CDKTF and CDK Terrain run it, writes what they read', async () => {
  const { app } = JSON.parse(readFileSync(join(ROOT, 'cdktf.json'), 'utf8')) as { readonly app: string };
  const outdir = join(directory, 'command-line');
  await promisify(exec)(app, { cwd: ROOT, env: { ...process.env, CDKTF_OUTDIR: outdir } });
  expect(JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'))).toMatchObject({
    stacks: { 'payment-pipeline': { synthesizedStackPath: 'stacks/payment-pipeline/cdk.tf.json' } },
  });
  expect(configuration(outdir)).toBe(configuration(join(directory, 'once')));
});
