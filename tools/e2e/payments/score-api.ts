import { once } from 'node:events';
import { join } from 'node:path';
import type { Processes } from '../../kit/processes';

const PROJECT = join(__dirname, '../../..');
const EXAMPLE = 'examples/fraud-adapter-score';

/** The example's fraud API and its adapter, which is deployed. */
export const FRAUD_API = { program: `${EXAMPLE}/main.ts`, adapter: `${EXAMPLE}/adapter.mjs` };

/** Starts the API, which runs until the test ends. @returns its URL */
export async function startScoreApi(processes: Processes, log: string): Promise<string> {
  const run = { directory: PROJECT, environment: { PORT: '0' }, log };
  const { stdout } = processes.start(process.execPath, ['--import', 'tsx', FRAUD_API.program], run);
  const [line] = (await once(stdout, 'data')) as [Buffer];
  const [url] = /http:\S+/.exec(String(line)) ?? [];
  if (url === undefined) throw new Error(`The fraud API says ${String(line)} in place of its URL.`);
  return url;
}
