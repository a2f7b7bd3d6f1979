import { PassThrough } from 'node:stream';
import { withProgress } from '../../src/cli/progress';

test('a step is silent for two seconds, then reports that it is still running, until it ends', async () => {
  jest.useFakeTimers();
  const stream = new PassThrough();
  const said = () => String(stream.read() ?? '');
  const { promise, resolve } = withResolvers<number>();
  const step = withProgress('terraform init', stream, promise);

  jest.advanceTimersByTime(1_999);
  expect(said()).toBe('');
  jest.advanceTimersByTime(2_001);
  expect(said()).toBe('  terraform init … 2 s\n  terraform init … 4 s\n');

  resolve(7);
  expect(await step).toBe(7);
  jest.advanceTimersByTime(10_000);
  expect(said()).toBe('');
});

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
