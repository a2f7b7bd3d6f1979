import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT } from '../cli/command-error';
import { InterruptedError, type InterruptibleTerminal, unlessInterrupted } from '../cli/terminal';
import { AwsCallError } from './aws-call';
import type { Services } from './services';
import type { Answer, FormatOptions } from './format';
import { takeSnapshot } from './snapshot';
import { type Failure, type Tick, type View, viewFor, type WatchOptions } from './watch-view';

/** How many of the latest failures are shown. */
const MOST_FAILURES = 5;

/** Shows snapshots until Ctrl-C, or until the output is closed. An error after the first snapshot is shown, and does not end it. */
export async function watch(
  options: WatchOptions,
  services: Services,
  format: FormatOptions,
  terminal: InterruptibleTerminal,
): Promise<Answer> {
  const unread = new AbortController();
  const onUnread = () => {
    unread.abort();
  };
  terminal.stdout.once('error', onUnread);
  const signal = AbortSignal.any([terminal.signal, unread.signal]);
  const view = viewFor(options, format, terminal);
  let last: Tick | undefined;
  try {
    while (!signal.aborted) {
      last = await show(view, unlessInterrupted(signal, lookOnce(services)), last);
      await sleep(options.interval * 1_000, undefined, { signal }).catch(() => undefined); // the signal ends it early
    }
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
  } finally {
    view.close();
    terminal.stdout.off('error', onUnread);
  }
  return { json: undefined, text: last && view.end(last), exitCode: EXIT.success };
}

/** @returns the last snapshot that succeeded */
async function show(view: View, looking: Promise<Tick>, before: Tick | undefined): Promise<Tick> {
  try {
    const tick = await looking;
    view.show(tick, before);
    return tick;
  } catch (error) {
    if (before === undefined || !(error instanceof AwsCallError)) throw error;
    view.fail(error.message, before);
    return before;
  }
}

async function lookOnce(services: Services): Promise<Tick> {
  const [snapshot, failures] = await Promise.all([takeSnapshot(services), latestFailures(services)]);
  return { at: new Date().toISOString(), ...snapshot, failures };
}

async function latestFailures({ payments, accountHash }: Services): Promise<readonly Failure[]> {
  const hash = await accountHash();
  for await (const page of payments.failed(MOST_FAILURES))
    return page.map((failure) => ({ ...failure, account_hash: hash.of?.(failure.account_id) }));
  return [];
}
