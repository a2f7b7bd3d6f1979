import type { HttpAnswer, HttpRequest } from '../../src/processor/adapters/http-client';
import type { Invocation } from './invocation';
import type { SimulatedProcess } from './simulated-process';
import type { World } from './world';
import { onAbort } from '../kit/virtual-globals';

const NEVER = new Promise<never>(() => undefined);

/** One request of a process to the fraud API. */
export async function callFraudApi(
  world: World,
  process: SimulatedProcess,
  invocation: Invocation | undefined,
  { headers, body, signal }: HttpRequest,
): Promise<HttpAnswer> {
  if (!process.canRun) return NEVER;
  const request = JSON.parse(body) as { transaction_id: string; amount: number };
  world.invariants.fraud.onCall(request, headers, invocation);
  const reply = world.fraud.reply(request);
  const said = reply.kind === 'answer' ? `${reply.response.status} ${reply.says ?? ''}` : reply.kind;
  const response = await process.call({
    what: `calls the fraud API for ${request.transaction_id}: ${said}`,
    signal,
    latencyMs: reply.kind === 'answer' ? reply.afterMs / 2 : 0,
    givenUp: () => signal.reason as Error,
    takesEffect: () => {
      if (reply.kind === 'reset') throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
      if (reply.kind === 'answer' && reply.says !== undefined)
        world.invariants.fraud.onSaid(request.transaction_id, reply.says);
      return reply;
    },
  });
  if (response.kind === 'hang')
    return new Promise((_, reject) => {
      onAbort(signal, () => {
        reject(signal.reason as Error);
      });
    });
  if (response.response.headers['retry-after'] !== undefined) invocation?.gotRetryAfter.add(request.transaction_id);
  if (response.says !== undefined && invocation !== undefined) invocation.answeredCalls++;
  if (response.says === 'refuse') invocation?.refused.add(request.transaction_id);
  return response.response;
}
