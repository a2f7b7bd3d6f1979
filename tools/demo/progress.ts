import { SingleBar } from 'cli-progress';
import { dueEvery } from '../../src/cli/progress';
import { pluralize } from '../../src/cli/pluralize';
import { escaped } from '../../src/cli/escaped-text';
import type { RunObserver } from './run-payments';

export interface Progress extends RunObserver {
  /** A step that may take a while. */
  readonly step: (text: string) => void;
  readonly stop: () => void;
}

/** Progress on a stream that is not the report's: a bar on a terminal, plain lines elsewhere. */
export function progressOn(stream: NodeJS.WritableStream & { isTTY?: boolean }, total: number): Progress {
  const step = (text: string) => stream.write(`${escaped(text)}\n`);
  const started: RunObserver['started'] = ({ concurrency, fraudUrl }) => {
    step(`Paying: ${pluralize(concurrency, 'function process', 'function processes')}, fraud API ${fraudUrl}`);
  };
  return stream.isTTY ? { step, started, ...bar(stream, total) } : { step, started, ...lines(step, total) };
}

function bar(stream: NodeJS.WritableStream, total: number): Pick<Progress, 'progress' | 'stop'> {
  const format = '  {bar} {value}/{total} settled  {duration_formatted}, {eta_formatted} to go';
  const shown = new SingleBar({
    stream,
    format,
    hideCursor: true,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    gracefulExit: false,
  });
  let started = false;
  return {
    progress(_accepted, done) {
      if (!started) shown.start(total, done);
      started = true;
      shown.update(done);
    },
    stop() {
      if (started) shown.stop();
    },
  };
}

function lines(step: (text: string) => void, total: number): Pick<Progress, 'progress' | 'stop'> {
  const isDue = dueEvery();
  return {
    progress(accepted, done) {
      if (isDue()) step(`  ${done} of ${total} settled, ${accepted} accepted`);
    },
    stop: () => undefined,
  };
}
