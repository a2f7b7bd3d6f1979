import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Outcome, Processes } from '../../kit/processes';
import { type Credentials, REGION } from '../support/clients';

const PROJECT = join(__dirname, '../../..');
const TOOL = ['--import', 'tsx', 'src/ops/main.ts'];

export interface Tool {
  readonly processes: Processes;
  readonly log: string;
  /** The AWS SDK's own variables. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The environment of an operator's shell that works on the emulator. */
export function environmentFor(
  credentials: Credentials,
  endpoint: string,
  lambdaEndpoint: string,
): Record<string, string> {
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken !== undefined && { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_LAMBDA: lambdaEndpoint,
  };
}

/** Runs the operator's tool as a process of its own. */
export function ops({ processes, log, environment }: Tool, ...args: string[]): Promise<Outcome> {
  return processes.run(process.execPath, [...TOOL, ...args], { directory: PROJECT, environment, log });
}

/** @returns the answer for scripts. @throws when it ends otherwise than expected */
export async function answer(tool: Tool, args: readonly string[], expected = 0): Promise<unknown> {
  const { code, stdout, stderr } = await ops(tool, ...args, '--json');
  assert.equal(code, expected, `ops ${args.join(' ')} ended with ${code}:\n${stderr}${stdout}`);
  return JSON.parse(stdout);
}

/** @returns the first snapshot; the tool is then ended as by Ctrl-C */
export async function firstLook({ processes, log, environment }: Tool, ...args: string[]): Promise<unknown> {
  const child = processes.start(process.execPath, [...TOOL, 'watch', '--json', ...args], {
    directory: PROJECT,
    environment,
    log,
  });
  const ended = once(child, 'close');
  const [line] = (await Promise.race([once(child.stdout, 'data'), ended.then(() => [''])])) as [unknown];
  child.kill('SIGINT');
  assert.deepEqual(await ended, [0, null], 'watch, ended by Ctrl-C');
  return JSON.parse(String(line));
}
