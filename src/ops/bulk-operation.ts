import { EXIT, UsageError } from '../cli/command-error';
import { confirm, type InterruptibleTerminal, isInteractive, unlessInterrupted } from '../cli/terminal';
import { withProgress } from '../cli/progress';
import { shown } from '../cli/escaped-text';
import type { BulkAnswer } from '../dlq-processor/core/bulk-answer';
import type { Services, BulkRequest } from './services';
import type { Answer, FormatOptions } from './format';
import { describePlan, doneOf, renderPlan, renderResult } from './bulk-view';
import { untilDone, type BulkResult } from './bulk-calls';
import { readable } from './table';

export interface Consent {
  readonly dryRun?: boolean | undefined;
  /** Do not ask. */
  readonly yes?: boolean | undefined;
}

/** Shows what would be done, asks, and then does it in as many calls as it takes. */
export async function work(
  request: BulkRequest,
  { dryRun, yes }: Consent,
  { dlqProcessor, payments }: Services,
  format: FormatOptions,
  terminal: InterruptibleTerminal,
): Promise<Answer> {
  const { action } = request;
  refuseWithoutConsent(action, { dryRun, yes }, terminal);
  const looking = dlqProcessor.invoke({ ...request, dryRun: true }) as Promise<BulkAnswer>;
  const plan = await withProgress(
    'looking at the dead letters',
    terminal.stderr,
    unlessInterrupted(terminal.signal, looking),
  );
  if (dryRun === true) return { json: plan, text: renderPlan(plan, format), exitCode: exitCodeOf(plan, request) };
  terminal.stderr.write(String(shown`${readable(renderPlan(plan, format), terminal.stderr, format)}\n`));
  if (doneOf(plan) === 0)
    return { json: plan, text: shown`Nothing to ${action}. Nothing was changed.`, exitCode: exitCodeOf(plan, request) };
  if (yes !== true && !(await confirm(describePlan(plan, isBounded(request), payments.place), terminal))) {
    return { json: plan, text: shown`Nothing was changed.`, exitCode: EXIT.failed };
  }
  const result = await untilDone(request, plan, dlqProcessor, terminal);
  return { json: result, text: renderResult(result, format), exitCode: exitCodeOf(result, request) };
}

/** @throws UsageError when the ids come from the input, which then cannot answer */
export function refuseIdsInPlaceOfConsent(action: string, { dryRun, yes }: Consent, idsFrom: string | undefined): void {
  if (idsFrom !== '-' || dryRun === true || yes === true) return;
  throw new UsageError(
    `The ids come from the input, so ${action} cannot ask there: say --yes, or --dry-run to see what it would do.`,
  );
}

/** @throws UsageError when payments would be changed, and nobody can be asked */
export function refuseWithoutConsent(action: string, { dryRun, yes }: Consent, terminal: InterruptibleTerminal): void {
  if (dryRun === true || yes === true || isInteractive(terminal)) return;
  throw new UsageError(
    `${action} changes payments, and there is no terminal to ask at: say --yes, or --dry-run to see what it would do.`,
  );
}

/** Whether the dry run may have seen everything that will be done. */
function isBounded({ limit, transactionIds }: BulkRequest): boolean {
  return limit !== undefined || transactionIds !== undefined;
}

/**
 * Whether nothing is left of the payments that the operator selected; the exit code says so. A payment that stays counts, because it needs an
 * operator. Payments beyond a limit don't count.
 */
function isComplete(
  { more, unreachable, notFound, left, redriven, discarded }: Omit<BulkAnswer, 'seen' | 'stoppedBy' | 'note'>,
  { limit }: BulkRequest,
): boolean {
  const isStaying = Object.entries(left).some(([why, count]) => why !== 'notSelected' && count > 0);
  const isAtLimit = limit !== undefined && redriven + discarded >= limit;
  return (!more || isAtLimit) && !isStaying && unreachable.length === 0 && notFound.length === 0;
}

/** @param answer of the dry run, or the sum of all calls */
function exitCodeOf(answer: BulkAnswer | BulkResult, request: BulkRequest): number {
  if ('ended' in answer && answer.ended === 'interrupted') return EXIT.interrupted;
  return isComplete(answer, request) ? EXIT.success : EXIT.failed;
}
