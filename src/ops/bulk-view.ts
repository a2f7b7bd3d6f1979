import { pluralize } from '../cli/pluralize';
import type { BulkAnswer } from '../dlq-processor/core/bulk-answer';
import { joined, shown, type ShownText } from '../cli/escaped-text';
import type { FormatOptions } from './format';
import { table } from './table';
import type { BulkResult } from './bulk-calls';

const MOST_IDS = 10;

/** An earlier version of the function does not return `waitsFor`. */
type Counted = Pick<
  BulkAnswer,
  'redriven' | 'discarded' | 'settled' | 'left' | 'leftIds' | 'unreachable' | 'notFound' | 'errors'
> &
  Partial<Pick<BulkAnswer, 'waitsFor'>>;

const LEFT: Readonly<Record<keyof BulkAnswer['left'], string>> = {
  wouldFailAgain:
    'left: refused permanently or expired, would fail again (redrive it by --id; an expired one with --reason, too)',
  waiting: 'left: its account waits for another payment, see below',
  discardedBefore: 'left: discarded before (redrive it by --id)',
  conflicting: 'left: its transaction id is of another payment',
  unreadable: 'left: an invalid message',
  incomplete: 'left: no dead letter, record incomplete (discard it by --id)',
  notSelected: 'left: not asked for',
};

/** Number of payments that the call changes, or would change. */
export function doneOf({
  redriven,
  discarded,
  settled,
}: Pick<BulkAnswer, 'redriven' | 'discarded' | 'settled'>): number {
  return redriven + discarded + settled;
}

/** The question that is asked before anything is changed. */
export function describePlan(plan: BulkAnswer, isBounded: boolean, place: string): ShownText {
  const count = plan.action === 'redrive' ? plan.redriven : plan.discarded;
  const settled =
    plan.settled === 0 ? '' : `, and delete the dead letters of ${plan.settled} that were decided meanwhile`;
  return shown`${plan.action === 'redrive' ? 'Redrive' : 'Discard'} ${pluralize(count, 'payment')} of ${place}${settled}?${isBounded ? '' : ' There may be more than can be seen before.'}`;
}

export function renderPlan(plan: BulkAnswer, format: FormatOptions): ShownText {
  const note =
    'The dry run sees the first ten dead letters of each account, and the records of the ids given; the command itself continues with the others.';
  return joined([
    counts(plan, ['would be redriven', 'would be discarded', 'would be deleted: decided meanwhile'], format) ??
      'No dead letter was seen.',
    note,
  ]);
}

export function renderResult(result: BulkResult, format: FormatOptions): ShownText {
  const told = counts(result, ['redriven', 'discarded', 'deleted: decided meanwhile'], format);
  return joined(told === undefined ? [ending(result)] : [told, ending(result)]);
}

function counts(
  counted: Counted,
  [redriven, discarded, settled]: readonly [string, string, string],
  format: FormatOptions,
): ShownText | undefined {
  const { left, leftIds, waitsFor = [], unreachable, notFound, errors } = counted;
  const rows: (readonly [what: string, count: number, ids: readonly string[]])[] = [
    [redriven, counted.redriven, []],
    [discarded, counted.discarded, []],
    [settled, counted.settled, []],
    ...(Object.keys(LEFT) as (keyof typeof LEFT)[]).map(
      (reason) => [LEFT[reason], left[reason], leftIds[reason] ?? []] as const,
    ),
    ['waited for: redrive or discard these first, by --id', waitsFor.length, waitsFor],
    ['asked for, but behind others of its account', unreachable.length, unreachable],
    ['asked for, but nothing to do: unknown, on its way, or at its end', notFound.length, notFound],
    ...Object.entries(errors).map(([code, count]) => [`error: ${code}`, count, []] as const),
  ];
  const told = rows.filter(([, count]) => count > 0).map(([what, count, ids]) => [what, count, some(ids)]);
  return told.length === 0 ? undefined : table(['Payments', 'Count', 'Which'], told, format, true);
}

export function some(ids: readonly string[]): ShownText {
  const rest = ids.length > MOST_IDS ? [`… ${ids.length - MOST_IDS} more`] : [];
  return joined([...ids.slice(0, MOST_IDS), ...rest]);
}

function ending({ ended, failure, calls, more, redriven, discarded, settled }: BulkResult): string {
  const done = `${pluralize(redriven + discarded, 'payment')} done, ${settled} were decided already`;
  const continues = 'Nothing is lost or done twice: the same command continues from here.';
  switch (ended) {
    case 'done':
      return `Done: ${done}, in ${pluralize(calls, 'call')}.`;
    case 'limit':
      return `The limit is reached: ${done}.${more ? ' The same command continues with the next.' : ''}`;
    case 'interrupted':
      return `Interrupted. For certain: ${done}. A call in progress continues in the function, for two minutes at most. ${continues}`;
    case 'no progress':
      return `The last call brought nothing further, and there is more to do: ${done}. Others may hold the messages: wait some minutes. ${continues}`;
    case 'too many calls':
      return `Ended after ${calls} calls: ${done}. ${continues}`;
    case 'failed':
      return `${failure ?? ''} Until then: ${done}. ${continues}`;
  }
}
