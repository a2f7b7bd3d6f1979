import { CommandError, EXIT, UsageError } from '../cli/command-error';
import { joined, shown, type ShownText } from '../cli/escaped-text';
import { pluralize } from '../cli/pluralize';
import { withProgress } from '../cli/progress';
import { confirm, InterruptedError, type InterruptibleTerminal, unlessInterrupted } from '../cli/terminal';
import { type Resolution, STATUS_OF_DECISION } from '../contract';
import type { Resolved, ResolveAnswer } from '../dlq-processor/core/resolve';
import { AwsCallError } from './aws-call';
import { type Consent, refuseIdsInPlaceOfConsent, refuseWithoutConsent } from './bulk-operation';
import { some } from './bulk-view';
import type { Answer, FormatOptions } from './format';
import { ID_RULE, isId, readIds } from './ids';
import type { ResolveRequest, Services } from './services';
import { readable, table } from './table';

/** Payments of one call, which takes some ten milliseconds for each. */
const IDS_OF_A_CALL = 1_000;

export interface ResolveOptions extends Consent {
  readonly reason: string;
  readonly idsFrom?: string;
}

/** The sum of all calls, and why they ended before the last payment. */
type Sum = Omit<ResolveAnswer, 'more' | 'stoppedBy'> & {
  readonly ended?: 'interrupted' | 'failed';
  readonly failure?: string;
};

/** Shows what would be decided, asks, and then decides it. */
export async function decide(
  decision: Resolution,
  ids: readonly string[],
  options: ResolveOptions,
  services: Services,
  format: FormatOptions,
  terminal: InterruptibleTerminal,
): Promise<Answer> {
  const transactionIds = await idsOf(decision, ids, options, terminal);
  refuseWithoutConsent(decision, options, terminal);
  const actor = await unlessInterrupted(terminal.signal, services.caller());
  const request = { action: 'resolve', decision, reason: options.reason, actor } as const;
  const plan = await callAll({ ...request, transactionIds, dryRun: true }, services, terminal);
  if (plan.failure !== undefined) throw new CommandError(plan.failure);
  if (plan.ended === 'interrupted') throw new InterruptedError();
  if (options.dryRun === true) return { json: plan, text: view(plan, format), exitCode: exitCodeOf(plan) };
  terminal.stderr.write(String(shown`${readable(view(plan, format), terminal.stderr, format)}\n`));
  if (plan.resolved === 0) {
    const text = joined([`Nothing to ${decision}. Nothing was changed.`, ...othersOf(plan)], ' ');
    return { json: plan, text, exitCode: exitCodeOf(plan) };
  }
  const question = `${decision === 'approve' ? 'Approve' : 'Decline'} ${pluralize(plan.resolved, 'payment')} of ${services.payments.place}, as ${actor}? This is final.`;
  if (options.yes !== true && !(await confirm(shown`${question}`, terminal)))
    return { json: plan, text: shown`Nothing was changed.`, exitCode: EXIT.failed };
  const result = await callAll({ ...request, transactionIds, dryRun: false }, services, terminal);
  return { json: result, text: view(result, format), exitCode: exitCodeOf(result) };
}

/** @throws UsageError when there are none, or one is none */
async function idsOf(
  decision: Resolution,
  given: readonly string[],
  { idsFrom, ...consent }: ResolveOptions,
  terminal: InterruptibleTerminal,
): Promise<readonly string[]> {
  refuseIdsInPlaceOfConsent(decision, consent, idsFrom);
  const bad = given.find((id) => !isId(id));
  if (bad !== undefined) throw new UsageError(`"${bad}" is no transaction id: it has ${ID_RULE}. Nothing was done.`);
  const ids = new Set([...given, ...(idsFrom === undefined ? [] : await readIds(idsFrom, terminal))]);
  if (ids.size === 0) throw new UsageError(`Name the payments: ${decision} ID..., or --ids-from FILE.`);
  return [...ids];
}

/** Calls the function for some of the payments after the others. A call that doesn't do all of its own is the last one. */
async function callAll(
  { transactionIds, ...request }: ResolveRequest & { readonly dryRun: boolean },
  { dlqProcessor }: Services,
  { stderr, signal }: InterruptibleTerminal,
): Promise<Sum> {
  let sum: Sum | undefined;
  for (let from = 0; from < transactionIds.length; from += IDS_OF_A_CALL) {
    const part = { ...request, transactionIds: transactionIds.slice(from, from + IDS_OF_A_CALL) };
    try {
      const calling = dlqProcessor.invoke(part) as Promise<ResolveAnswer>;
      const progress = request.dryRun ? 'looking at the payments' : `${request.decision}: ${sum?.resolved ?? 0} done`;
      const answer = await withProgress(progress, stderr, unlessInterrupted(signal, calling));
      sum = add(sum, answer);
      if (answer.more) return { ...sum, ended: 'failed' };
    } catch (error) {
      const none: Sum = sum ?? { ...request, ...NONE };
      if (error instanceof InterruptedError) return { ...none, ended: 'interrupted' };
      if (!(error instanceof AwsCallError)) throw error;
      return { ...none, ended: 'failed', failure: error.message };
    }
  }
  return sum!;
}

const NONE = { resolved: 0, resolvedBefore: 0, decidedOtherwise: 0, notInReview: 0, notFound: 0, ids: {}, errors: {} };

function add(sum: Sum | undefined, { more: _, stoppedBy: __, ...answer }: ResolveAnswer): Sum {
  if (sum === undefined) return answer;
  const results = Object.keys(LINES) as Resolved[];
  return {
    ...answer,
    ...(Object.fromEntries(results.map((result) => [result, sum[result] + answer[result]])) as Record<
      Resolved,
      number
    >),
    ids: Object.fromEntries(
      results.map((result) => [result, [...(sum.ids[result] ?? []), ...(answer.ids[result] ?? [])]]),
    ),
    errors: { ...sum.errors, ...answer.errors },
  };
}

/** Whether each payment is decided as the operator asked; the exit code says so. */
function exitCodeOf({ ended, decidedOtherwise, notInReview, notFound }: Sum): number {
  if (ended === 'interrupted') return EXIT.interrupted;
  return ended === undefined && decidedOtherwise + notInReview + notFound === 0 ? EXIT.success : EXIT.failed;
}

const LINES: Readonly<Record<Resolved, string>> = {
  resolved: '',
  resolvedBefore: 'decided so before',
  decidedOtherwise: 'left: decided otherwise before',
  notInReview: 'left: not in review',
  notFound: 'left: unknown',
};

/** A sentence on the payments that this command didn't decide. */
function othersOf(sum: Sum): string[] {
  const others = (Object.keys(LINES) as Resolved[]).filter((result) => result !== 'resolved' && sum[result] > 0);
  return others.length === 0 ? [] : [`${others.map((result) => `${sum[result]} ${LINES[result]}`).join('; ')}.`];
}

function view(sum: Sum, format: FormatOptions): ShownText {
  const { dryRun, decision, resolved, errors, ids, ended, failure } = sum;
  const decided = STATUS_OF_DECISION[decision].toLowerCase();
  const rows = (Object.keys(LINES) as Resolved[]).map((result) => {
    const line = result === 'resolved' ? `${dryRun ? 'would be ' : ''}${decided}` : LINES[result];
    return [line, sum[result], some(ids[result] ?? [])] as const;
  });
  const all = [...rows, ...Object.entries(errors).map(([code, count]) => [`error: ${code}`, count, ''] as const)];
  const told = all.filter(([, count]) => count > 0);
  const done = `${pluralize(resolved, 'payment')} ${decided}`;
  const again = 'Nothing is decided twice: the same command continues from here.';
  const ending =
    ended === 'interrupted'
      ? [
          `Interrupted. For certain: ${done}. A call in progress continues in the function, for two minutes at most. ${again}`,
        ]
      : ended === 'failed'
        ? [`${failure ?? 'A call ended early.'} Until then: ${done}. ${again}`]
        : dryRun
          ? []
          : [[`Done: ${done}, as ${sum.actor}.`, ...othersOf(sum)].join(' ')];
  return joined([...(told.length === 0 ? [] : [table(['Payments', 'Count', 'Which'], told, format, true)]), ...ending]);
}
