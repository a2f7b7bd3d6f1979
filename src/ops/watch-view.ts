import { joined, shown, shownJson, type ShownText } from '../cli/escaped-text';
import { heldAccountsJson } from './held-accounts';
import { Screen } from './screen';
import type { ListedPayment } from './services';
import { type FormatOptions, shownAccount } from './format';
import { ringing, type Snapshot } from './snapshot';
import { renderAlarms, renderSnapshot, throughputOf } from './snapshot-view';
import { fitted, outputWidth, table } from './table';
import type { Terminal } from '../cli/terminal';

export interface WatchOptions {
  /** Seconds from the end of one snapshot to the start of the next. */
  readonly interval: number;
  readonly json?: boolean;
}

/** A failed payment, with its account's hash if it is known. */
export type Failure = ListedPayment & { readonly account_hash: string | undefined };

/** One snapshot, with the latest failures. */
export interface Tick extends Snapshot {
  readonly at: string;
  /** The latest first. */
  readonly failures: readonly Failure[];
}

/** Shows one snapshot after the other. */
export interface View {
  show(tick: Tick, before: Tick | undefined): void;
  /** Shows that the last snapshot could not be replaced. */
  fail(sentence: string, last: Tick): void;
  close(): void;
  /** The text that remains at the end. */
  end(last: Tick): ShownText | undefined;
}

/** One line of JSON for each snapshot; for a person a screen, or one line for each snapshot where there is no terminal. */
export function viewFor(options: WatchOptions, format: FormatOptions, { stdout }: Terminal): View {
  if (options.json === true)
    return linesOf(
      stdout,
      (tick) => shownJson(forScripts(tick, format)),
      (error, at) => shownJson({ at, error }),
    );
  if (stdout.isTTY === true) return screenOf(options, format, stdout);
  return linesOf(stdout, lineOf, (error, at) => shown`${at}  ${error}`);
}

function linesOf(
  stdout: NodeJS.WritableStream,
  line: (tick: Tick) => ShownText,
  failure: (sentence: string, at: string) => ShownText,
): View {
  return {
    show: (tick) => void stdout.write(String(shown`${line(tick)}\n`)),
    fail: (sentence) => void stdout.write(String(shown`${failure(sentence, new Date().toISOString())}\n`)),
    close: () => undefined,
    end: () => undefined,
  };
}

function screenOf({ interval }: WatchOptions, format: FormatOptions, stdout: Terminal['stdout']): View {
  const screen = new Screen(stdout);
  let frame = shown``;
  return {
    show: (tick, before) => {
      const width = outputWidth(stdout); // the window may have changed
      frame = fitted(render(tick, before, { ...format, width }), width);
      screen.draw(
        shown`${format.colours.bold(tick.place)} at ${tick.at}, every ${interval} s; Ctrl-C ends it\n${frame}`,
      );
    },
    fail: (sentence, { at }) => {
      screen.draw(shown`${format.colours.red(sentence)}\nWhat follows is of ${at}.\n${frame}`);
    },
    close: () => {
      screen.close();
    },
    end: ({ place, at }) => shown`${place} at ${at}\n${frame}`,
  };
}

function render(tick: Tick, before: Tick | undefined, format: FormatOptions): ShownText {
  const rows = tick.failures.map(({ timestamp, transaction_id, account_id, failure_code }) => [
    timestamp,
    transaction_id,
    shownAccount(account_id, format),
    failure_code ?? '',
  ]);
  const failures =
    rows.length === 0
      ? shown`No payment is FAILED.`
      : table(['Latest failures', 'Transaction', 'Account', 'Cause'], rows, format);
  return joined([renderAlarms(tick, format, true), renderSnapshot(tick, format, before), failures]);
}

function forScripts(tick: Tick, format: FormatOptions): unknown {
  const failures = tick.failures.map((failure) => ({
    ...failure,
    account_id: shownAccount(failure.account_id, format),
  }));
  return { ...tick, held_accounts: heldAccountsJson(tick.held_accounts, format), failures };
}

function lineOf(tick: Tick): ShownText {
  const loud = ringing(tick).map(({ name }) => name);
  return joined(
    [
      `${tick.at}  ${tick.queues.map(({ name, visible, in_flight }) => `${name}: ${visible} waiting, ${in_flight} in flight`).join('; ')}`,
      Object.entries(tick.payments)
        .map(([status, { count, more }]) => `${status} ${count}${more ? ' or more' : ''}`)
        .join(', '),
      heldOf(tick),
      throughputOf(tick.per_minute),
      loud.length === 0 ? 'no alarm rings' : `ringing: ${loud.join(', ')}`,
    ],
    '; ',
  );
}

function heldOf({ held_accounts: { count, more } }: Tick): string {
  return count === 1 && !more ? '1 account held' : `${count}${more ? ' or more' : ''} accounts held`;
}
