import { shown } from './escaped-text';

const SAY_EVERY_MS = 2_000;

/** Says on `stream` that a step goes on, as soon as it takes longer than two seconds. */
export async function withProgress<T>(step: string, stream: NodeJS.WritableStream, work: Promise<T>): Promise<T> {
  const began = Date.now();
  const timer = setInterval(() => {
    stream.write(String(shown`  ${step} … ${((Date.now() - began) / 1_000).toFixed(0)} s\n`));
  }, SAY_EVERY_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
