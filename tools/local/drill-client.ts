import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../src/cli/command-error';
import type { LocalEntry } from '../../src/ops/local';
import type { DrillStatus } from './drill-run';

const POLL_MS = 500;

/** Runs a drill in a local pipeline of another process, until its verdict. @param signal ends the fault early */
export async function runDrill(
  name: string,
  local: LocalEntry,
  signal: AbortSignal,
  onChange: (status: DrillStatus) => void,
): Promise<DrillStatus> {
  const ask = async (method: string): Promise<DrillStatus> => {
    const headers = { authorization: `Bearer ${local.token}` };
    const answer = await fetch(new URL(`/drills/${name}`, local.endpoint), { method, headers }).catch(() => undefined);
    if (answer === undefined) throw new CommandError('The local pipeline has ended, and the drill with it.');
    const body = (await answer.json()) as DrillStatus & { readonly message?: string };
    if (!answer.ok) throw new CommandError(body.message ?? `HTTP ${answer.status}`);
    return body;
  };
  let status = await ask('POST');
  onChange(status);
  while (status.state !== 'ended') {
    await sleep(POLL_MS);
    const now = await ask(signal.aborted && status.state === 'running' ? 'DELETE' : 'GET');
    if (now.state !== status.state) onChange(now);
    status = now;
  }
  return status;
}
