import type { AnalyzeRequest } from './event';
import type { Clock, DeadLetterQueue, Depth, FailedPayments, Position } from './ports';

/** Before the function's deadline: more than the slowest call takes, with all its tries. */
export const RESERVE_MS = 15_000;
const PAGE_SIZE = 1_000;

/** What the failed payments and the dead letters are, counted and left alone. */
export interface Analysis {
  readonly action: 'analyze';
  /** FAILED payments that were counted. */
  readonly failedPayments: number;
  /** Their sum is `failedPayments`. */
  readonly byFailureCode: Readonly<Record<string, number>>;
  /** Null when no time was left to ask. */
  readonly deadLetters: Depth | null;
  /** Whether failed payments remain that were not counted. */
  readonly more: boolean;
  /** Why they were not; left out when all were. */
  readonly stoppedBy?: 'limit' | 'deadline';
}

export interface AnalysisSources {
  readonly failedPayments: FailedPayments;
  readonly deadLetterQueue: DeadLetterQueue;
  readonly clock: Clock;
}

type Counted = Pick<Analysis, 'stoppedBy'> & { readonly failureCodes: readonly (string | undefined)[] };

/** @throws ReadError */
export async function analyze(
  { action, limit }: AnalyzeRequest,
  { failedPayments, deadLetterQueue, clock }: AnalysisSources,
  deadline: number,
): Promise<Analysis> {
  const timeIsLeft = () => clock.now() < deadline - RESERVE_MS;
  const deadLetters = timeIsLeft() ? await deadLetterQueue.depth() : null;
  const { failureCodes, ...stop } = await readFailureCodes(failedPayments, limit, timeIsLeft);
  return {
    action,
    failedPayments: failureCodes.length,
    byFailureCode: countEach(failureCodes),
    deadLetters,
    more: stop.stoppedBy !== undefined,
    ...stop,
  };
}

async function readFailureCodes(payments: FailedPayments, limit: number, timeIsLeft: () => boolean): Promise<Counted> {
  const failureCodes: (string | undefined)[] = [];
  let from: Position | undefined;
  do {
    if (!timeIsLeft()) return { failureCodes, stoppedBy: 'deadline' };
    // One beyond the limit tells whether more remain: a full last page has a successor, which may be empty.
    const page = await payments.page(Math.min(PAGE_SIZE, limit + 1 - failureCodes.length), from);
    failureCodes.push(...page.failureCodes);
    from = page.next;
  } while (from !== undefined && failureCodes.length <= limit);
  return failureCodes.length > limit ? { failureCodes: failureCodes.slice(0, limit), stoppedBy: 'limit' } : { failureCodes };
}

function countEach(failureCodes: Counted['failureCodes']): Record<string, number> {
  const counts = new Map<string, number>();
  for (const code of failureCodes) {
    const name = code ?? 'UNKNOWN';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
