import { withProgress } from '../cli/progress';
import type { BulkAnswer } from '../dlq-processor/core/bulk-answer';
import { AwsCallError } from './aws-call';
import type { DlqProcessor, BulkRequest } from './services';
import { InterruptedError, type InterruptibleTerminal, unlessInterrupted } from '../cli/terminal';

/** Most calls of one command. Each works for two minutes at most; a million dead letters take fewer calls. */
const MOST_CALLS = 500;

type Ended = 'done' | 'limit' | 'interrupted' | 'no progress' | 'too many calls' | 'failed';

/** The sum of all calls. What is left is the answer of the last one. */
export interface BulkResult extends Omit<BulkAnswer, 'seen' | 'stoppedBy' | 'note'> {
  readonly calls: number;
  readonly ended: Ended;
  /** Why a call failed. */
  readonly failure?: string;
}

/**
 * Calls the function until nothing is left to do. A call that fails or makes no progress ends the loop. Ctrl-C ends it at
 * once; the function then finishes the call in progress by itself.
 */
export async function untilDone(
  request: BulkRequest,
  plan: BulkAnswer,
  dlqProcessor: DlqProcessor,
  { stderr, signal }: InterruptibleTerminal,
): Promise<BulkResult> {
  let result: BulkResult = {
    ...plan,
    dryRun: false,
    redriven: 0,
    discarded: 0,
    settled: 0,
    more: true,
    calls: 0,
    ended: 'too many calls',
  };
  while (result.calls < MOST_CALLS) {
    const limit = request.limit === undefined ? {} : { limit: request.limit - result.redriven - result.discarded };
    let answer: BulkAnswer;
    try {
      const calling = dlqProcessor.invoke({ ...request, ...limit, dryRun: false }) as Promise<BulkAnswer>;
      answer = await withProgress(progressOf(request, result), stderr, unlessInterrupted(signal, calling));
    } catch (error) {
      if (error instanceof InterruptedError) return { ...result, ended: 'interrupted' };
      if (!(error instanceof AwsCallError)) throw error;
      return { ...result, ended: 'failed', failure: error.message };
    }
    const before = result;
    result = add(result, answer, plan);
    if (!answer.more) return { ...result, ended: 'done' };
    if (request.limit !== undefined && result.redriven + result.discarded >= request.limit)
      return { ...result, ended: 'limit' };
    if (isSameCount(result, before)) return { ...result, ended: 'no progress' };
  }
  return result;
}

function add(sum: BulkResult, answer: BulkAnswer, plan: BulkAnswer): BulkResult {
  const { action, actor, dryRun, left, leftIds, waitsFor, unreachable, errors, deadLetters, more } = answer;
  return {
    action,
    ...(actor !== undefined && { actor }),
    dryRun,
    left,
    leftIds,
    waitsFor,
    unreachable,
    errors,
    deadLetters,
    more,
    redriven: sum.redriven + answer.redriven,
    discarded: sum.discarded + answer.discarded,
    settled: sum.settled + answer.settled,
    notFound: sum.calls === 0 ? answer.notFound : answer.notFound.filter((id) => !wasSeen(id, plan)),
    calls: sum.calls + 1,
    ended: sum.ended,
  };
}

/** Payments that the dry run saw and that are gone were handled by an earlier call. */
function wasSeen(id: string, { notFound, unreachable, stoppedBy }: BulkAnswer): boolean {
  return stoppedBy === undefined && !notFound.includes(id) && !unreachable.includes(id);
}

function isSameCount(one: BulkResult, other: BulkResult): boolean {
  return one.redriven === other.redriven && one.discarded === other.discarded && one.settled === other.settled;
}

function progressOf({ action }: BulkRequest, { redriven, discarded, settled }: BulkResult): string {
  return `${action}: ${redriven + discarded} done, ${settled} were decided already`;
}
