import { PassThrough } from 'node:stream';
import { CommandError, EXIT } from '../../../src/cli/command-error';
import { StepError, Steps, takeSteps } from '../../../tools/kit/steps';

function stepsOn() {
  const stream = new PassThrough();
  return { steps: new Steps(stream), printed: () => String(stream.read() ?? '') };
}

afterEach(() => jest.useRealTimers());

test('a step is named before and after, with what it says and how long it took', async () => {
  const { steps, printed } = stepsOn();

  const result = await steps.take('walk', 'walk.log', (say) => {
    say('one foot');
    return Promise.resolve('there');
  });

  expect(result).toBe('there');
  expect(printed()).toBe('▸ walk\n    one foot\n✔ walk  (0.0 s)\n');
});

test('a step that fails says why, and where its log is', async () => {
  const { steps, printed } = stepsOn();

  const cause = new Error('a wall');
  const failing = steps.take('walk', 'walk.log', () => Promise.reject(cause));

  await expect(failing).rejects.toThrow(new StepError("a wall\nThe step's log: walk.log", { cause }));
  expect(printed()).toBe('▸ walk\n✘ walk  (0.0 s)\n');
});

test('what all steps depend on is gone: the step fails at once, and so does the next one', async () => {
  const { steps, printed } = stepsOn();
  const gone = new Error('the floor is gone');
  steps.failOn(Promise.reject(gone));

  await expect(steps.take('walk', 'walk.log', () => new Promise(() => undefined))).rejects.toThrow(gone.message);
  await expect(steps.take('jump', 'walk.log', () => Promise.resolve())).rejects.toThrow(gone.message);
  expect(printed()).toContain('✘ walk');
});

test('a long step says so after two seconds, and then every ten', async () => {
  jest.useFakeTimers();
  const { steps, printed } = stepsOn();
  const taken = steps.take('walk', 'walk.log', () => new Promise<void>((done) => setTimeout(done, 15_000)));

  await jest.advanceTimersByTimeAsync(15_000);
  await taken;

  expect(printed()).toBe('▸ walk\n    … 2.0 s\n    … 12.0 s\n✔ walk  (15.0 s)\n');
});

test.each([
  ['every step holds', () => Promise.resolve(), 0, /✔ walk .*\nAll steps hold\. 0\.0 minutes\.\n$/],
  ['a step does not', () => Promise.reject(new Error('a wall')), 1, /✘ walk .*\na wall\n$/],
  [
    'this machine lacks something',
    () => Promise.reject(new CommandError('no legs', { exitCode: EXIT.unavailable })),
    3,
    /✘ walk .*\nno legs\n$/,
  ],
])('%s: the exit code says so', async (_what, work, code, printed) => {
  const stream = new PassThrough();

  expect(await takeSteps(stream, (steps) => steps.take('walk', undefined, work))).toBe(code);
  expect(String(stream.read())).toMatch(printed);
});

test('an error that is not from a step is thrown unchanged', async () => {
  await expect(takeSteps(new PassThrough(), () => Promise.reject(new TypeError('odd')))).rejects.toThrow(TypeError);
});
