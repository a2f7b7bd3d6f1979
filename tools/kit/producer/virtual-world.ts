import { seededRandom } from '../random';
import { virtualGlobals } from '../virtual-globals';
import { VirtualTime } from '../virtual-time';

/** Node's own that the producer, and the library that lets it wait, look up when they run. */
const NAMES = ['setTimeout', 'clearTimeout', 'Date', 'AbortSignal', 'setImmediate'];

/** Runs the work in a time that jumps from one event to the next, with the same random numbers in every run. */
export async function inVirtualTime<T>(time: VirtualTime, work: () => Promise<T>): Promise<T> {
  const world = { time, fetch: () => Promise.reject(new Error('There is no server.')) };
  const setImmediate = (happens: () => void) => time.after(0, happens);
  const virtual: Record<string, unknown> = { ...virtualGlobals(() => world), setImmediate };
  const globals = globalThis as unknown as Record<string, unknown>;
  const own = NAMES.map((name) => [name, globals[name]] as const);
  for (const name of NAMES) globals[name] = virtual[name];
  const random = seededRandom(1);
  const chance = jest.spyOn(Math, 'random').mockImplementation(() => random.next());
  try {
    const end = { isReached: false };
    const working = work().finally(() => {
      end.isReached = true;
    });
    working.catch(() => undefined);
    await time.runUntil(() => end.isReached);
    if (!end.isReached) throw new Error('No event is left, and the work is not done.');
    return await working;
  } finally {
    chance.mockRestore();
    for (const [name, value] of own) globals[name] = value;
  }
}
