import type { Invocation } from './invocation';
import type { SimulatedProcess } from './simulated-process';
import type { World } from './world';

/** Anything between a slow answer and one after the message has come back. */
export const LATE_MS = { low: 5_000, high: 500_000 };
/** Time after which the SDK ends a call. */
export const CLIENT_TIMEOUT_MS = 4_000;

/** One call to the payment table, with its faults. */
export type TableCall = <T>(what: string, effect: () => T) => Promise<T>;

/** The calls of one invocation, given up with its signal. */
export function tableCall(
  process: SimulatedProcess,
  world: World,
  invocation: Invocation,
  signal: AbortSignal,
): TableCall {
  const { troubles, log, random } = world;
  return (what, effect) => {
    const planned = troubles.next('table')?.fault;
    const failed = (code: string) => new world.core.ServiceError('payment table', what, code);
    const givenUp = () => {
      invocation.unanswered++;
      return failed('AbortError');
    };
    if (planned === 'written late') {
      invocation.isDisturbed = true;
      invocation.unanswered++;
      world.later(random.between(LATE_MS.low, LATE_MS.high), () => {
        effect();
        log.event(process.name, `${what}, long after it was given up`);
      });
      const timesOut = () => {
        throw failed('TimeoutError');
      };
      return process.call({ what, signal, givenUp, takesEffect: timesOut, latencyMs: CLIENT_TIMEOUT_MS });
    }
    return process.call({
      what,
      signal,
      givenUp,
      takesEffect: () => {
        const fault = world.isOut('table') ? 'throttled' : planned;
        if (fault !== undefined) invocation.isDisturbed = true;
        if (fault === 'throttled') throw failed('ThrottlingException');
        const result = effect();
        if (fault === undefined) return result;
        invocation.unanswered++;
        if (fault === 'answer lost') throw failed('TimeoutError');
        return effect(); // the SDK's second call finds the effect of its first
      },
    });
  };
}
