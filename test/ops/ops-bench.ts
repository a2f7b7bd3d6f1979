import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { main } from '../../src/ops/main';
import { DlqBench } from '../dlq-processor/dlq-bench';

const REGION = 'ap-southeast-1';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Terraform's outputs of a pipeline `payments`, as far as the tool reads them. */
export function outputsOf(fields: Readonly<Record<string, string>> = {}): Record<string, { value: string }> {
  const values = {
    payments_payment_queue_arn: `arn:aws:sqs:${REGION}:000000000000:payments.fifo`,
    payments_dead_letter_queue_arn: `arn:aws:sqs:${REGION}:000000000000:dead.fifo`,
    payments_payment_table_name: 'payments',
    payments_payment_processor_name: 'payment-processor',
    payments_dlq_processor_name: 'dlq-processor',
    ...fields,
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

export function fileOf(content: unknown): string {
  const file = join(mkdtempSync(join(tmpdir(), 'ops-')), 'outputs.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** Runs the tool in this process, without a terminal. */
export async function runOps(...args: string[]): Promise<Ran> {
  const [stdout, stderr] = [new Collected(), new Collected()];
  const code = await main(args, { stdout, stderr });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/** The embedded services, to which the AWS SDK's own variables lead; a file with their outputs. */
export class OpsBench {
  static async start(): Promise<OpsBench> {
    const pipeline = await DlqBench.start();
    Object.assign(process.env, pipeline.aws.environment);
    return new OpsBench(pipeline, fileOf(outputsOf()));
  }

  private constructor(
    readonly pipeline: DlqBench,
    readonly outputs: string,
  ) {}

  run(...args: string[]): Promise<Ran> {
    return runOps(...args, '--outputs', this.outputs);
  }

  async close(): Promise<void> {
    await this.pipeline.close();
  }
}

class Collected extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
