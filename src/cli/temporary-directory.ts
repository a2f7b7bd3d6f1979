import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Lends a directory to the work, and removes it however the process ends, unless it is killed. */
export async function inTemporaryDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'payment-pipeline-'));
  const remove = () => {
    rmSync(directory, { recursive: true, force: true });
  };
  const atTheEnd = beforeTheEnd(remove);
  try {
    return await work(directory);
  } finally {
    atTheEnd.forget();
    remove();
  }
}

function beforeTheEnd(remove: () => void): { forget(): void } {
  const listeners = SIGNALS.map((signal) => {
    const listener = () => {
      if (process.listenerCount(signal) > 1) return; // another listener ends the work, which then removes the directory
      remove();
      process.off(signal, listener);
      process.kill(process.pid, signal);
    };
    process.prependListener(signal, listener); // first: a listener that listens once would not be counted any more
    return () => process.off(signal, listener);
  });
  process.once('exit', remove);
  return {
    forget() {
      for (const off of listeners) off();
      process.off('exit', remove);
    },
  };
}
