import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createNamespace } from '../../src/runtime/stand-ins/async-context';

const run = jest.spyOn(AsyncLocalStorage.prototype, 'run');
const disable = jest.spyOn(AsyncLocalStorage.prototype, 'disable');
afterEach(() => jest.clearAllMocks());

/** What code reads as its segment: in two overlapping runs, at once and later; and outside of them. */
async function segmentsOf(namespace: ReturnType<typeof createNamespace>) {
  const read: unknown[] = [];
  const later: Promise<void>[] = [];
  for (const segment of ['a', 'b']) {
    namespace.run(() => {
      namespace.set('segment', segment);
      read.push(namespace.get('segment'));
      later.push(nextTurn().then(() => void read.push(namespace.get('segment'))));
    });
  }
  read.push(namespace.get('segment'));
  await Promise.all(later);
  return read;
}

/** As the X-Ray SDK begins in Lambda, where one segment serves all invocations. */
function inLambda() {
  const namespace = createNamespace('test');
  const segment = { notTraced: false };
  namespace.enter(namespace.createContext());
  namespace.set('segment', segment);
  return { namespace, segment };
}

test('in a sampled trace, code finds the segment of its run, also later', async () => {
  const { namespace, segment } = inLambda();
  expect(await segmentsOf(namespace)).toEqual(['a', 'b', segment, 'a', 'b']);
});

test("in a trace that isn't sampled, Node follows no promise: code finds its segment at once, and later the function's", async () => {
  const { namespace, segment } = inLambda();
  await segmentsOf(namespace);
  jest.clearAllMocks();
  segment.notTraced = true;
  expect(await segmentsOf(namespace)).toEqual(['a', 'b', segment, segment, segment]);
  expect(run).not.toHaveBeenCalled();
  expect(disable).toHaveBeenCalled(); // else Node would follow promises still, for the trace before
});

test('an error in a run leaves the segment as it was', () => {
  const { namespace, segment } = inLambda();
  segment.notTraced = true;
  const failing = () => {
    throw new Error('on purpose');
  };
  expect(() => namespace.run(failing)).toThrow('on purpose');
  expect(namespace.get('segment')).toBe(segment);
});
