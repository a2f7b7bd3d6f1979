import { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { main } from '../../../src/ops/main';
import { DlqBench } from '../bundles/dlq-bench';
import { LambdaEndpoint } from './lambda-endpoint';
import { newDirectory } from '../new-directory';
import { ACCOUNT_HASH_KEY } from '../cores/telemetry';

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
    payments_dlq_processor_arn: `arn:aws:lambda:${REGION}:000000000000:function:dlq-processor`,
    ...fields,
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

/** The DLQ processor's answer to a dry run of a redrive that finds nothing to do. */
export const EMPTY_DRY_RUN = {
  action: 'redrive',
  dryRun: true,
  seen: 0,
  redriven: 0,
  discarded: 0,
  settled: 0,
  left: {},
  leftIds: {},
  unreachable: [],
  notFound: [],
  errors: {},
  deadLetters: null,
  more: false,
};

export function fileOf(content: unknown): string {
  const file = join(newDirectory(), 'outputs.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

export interface At {
  /** The text that a person types; an empty one leaves the input open. Without it there is no terminal. */
  readonly typed?: string;
  readonly signals?: EventEmitter;
  /** Rows of the window for the answer. */
  readonly rows?: number;
  /** Told of each piece of the answer. */
  readonly onWritten?: (piece: string) => void;
}

/** A terminal, and what was written to it. */
export function terminalOf({ typed, signals = new EventEmitter(), rows, onWritten }: At = {}) {
  const isTTY = typed !== undefined;
  const stdin = Object.assign(new PassThrough(), { isTTY });
  if (isTTY && typed !== '') stdin.write(typed);
  else stdin.end();
  const stdout = Object.assign(new Collected(onWritten), rows !== undefined && { isTTY: true, rows, columns: 120 });
  return { stdin, stdout, stderr: Object.assign(new Collected(), { isTTY }), signals };
}

/** Runs the tool in this process. */
export async function runOps(args: readonly string[], at: At = {}): Promise<Ran> {
  const terminal = terminalOf(at);
  const code = await main(args, terminal);
  return { code, stdout: terminal.stdout.text, stderr: terminal.stderr.text };
}

/** The embedded services and the DLQ processor's bundle, to which the AWS SDK's own variables lead; a file with their outputs. */
export class OpsBench {
  static async start(): Promise<OpsBench> {
    const pipeline = await DlqBench.start();
    const lambda = await LambdaEndpoint.start('dlq-processor', (event) => pipeline.invoke(event));
    lambda.configurations = { 'dlq-processor': { Environment: { Variables: { ACCOUNT_HASH_KEY } } } };
    Object.assign(process.env, pipeline.aws.environment, { AWS_ENDPOINT_URL_LAMBDA: lambda.url });
    return new OpsBench(pipeline, lambda, fileOf(outputsOf()));
  }

  private constructor(
    readonly pipeline: DlqBench,
    readonly lambda: LambdaEndpoint,
    readonly outputs: string,
  ) {}

  run(...args: string[]): Promise<Ran> {
    return this.runAt({}, ...args);
  }

  runAt(at: At, ...args: string[]): Promise<Ran> {
    return runOps([...args, '--outputs', this.outputs], at);
  }

  async close(): Promise<void> {
    await this.lambda.close();
    await this.pipeline.close();
  }
}

class Collected extends Writable {
  text = '';

  constructor(private readonly onWritten: (piece: string) => void = () => undefined) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.onWritten(chunk.toString());
    done();
  }
}
