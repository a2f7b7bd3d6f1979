import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { main } from '../../src/local/main';
import type { Report } from '../../src/local/proof/report';
import { newDirectory } from './new-directory';

const ROOT = join(__dirname, '..', '..');
export const STACK_FILE = join(ROOT, 'cdktf.out', 'stacks', 'payment-pipeline', 'cdk.tf.json');
export const BUNDLE = join(ROOT, 'assets', 'payment-processor', 'index.mjs');

export interface DemoRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined when the run ended before it. */
  readonly report: Report | undefined;
}

/** The demo's command line, with the artifacts as the build left them. */
export async function runDemoCommand(
  args: readonly string[],
  { bundle = BUNDLE, signal = new AbortController().signal }: { bundle?: string; signal?: AbortSignal } = {},
): Promise<DemoRun> {
  const json = join(newDirectory(), 'report.json');
  const [stdout, stderr] = [new Capture(), new Capture()];
  const code = await main([...args, '--json', json], { stdout, stderr, signal }, () => Promise.resolve({ stackFile: STACK_FILE, bundle }));
  const report = existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as Report) : undefined;
  return { code, stdout: stdout.text, stderr: stderr.text, report };
}

export function saboteur(name: string): string {
  return join(__dirname, 'saboteurs', `${name}.mjs`);
}

class Capture extends PassThrough {
  text = '';

  override write(chunk: unknown): boolean {
    this.text += String(chunk);
    return true;
  }
}
