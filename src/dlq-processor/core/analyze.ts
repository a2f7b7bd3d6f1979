import type { AccountHash } from '../../contract';
import { type Invocation, ServiceError } from '../../runtime/ports';
import { publishAlert } from './alert';
import { type Analysis, summarize } from './analysis';
import type { AnalyzeRequest } from './event';
import { Failures } from './failures';
import { findHeldAccounts } from './held-accounts';
import { findPatterns, LATEST_APPROVALS, type Pattern, WIDESPREAD } from './patterns';
import { codeOf, type Position, type Services, timeIsLeft } from './ports';
import { sampleDeadLetters } from './sample';

const PAGE_SIZE = 1_000;
const MOST_ACCOUNTS = 10;

type Counted = Pick<Analysis, 'stoppedBy'> & { readonly failures: Failures };

/** @throws ServiceError */
export async function analyze(request: AnalyzeRequest, services: Services, invocation: Invocation): Promise<Analysis> {
  const hasTime = () => timeIsLeft(services, invocation);
  const deadLetters = hasTime() ? await services.deadLetters.depth() : null;
  const sample = deadLetters && hasTime() ? await sampleDeadLetters(services, invocation, deadLetters.visible) : null;
  const { failures, ...stop } = await countFailures(request.limit, services, invocation);
  const heldAccounts = await findHeldAccounts(services, invocation);
  const patterns = findPatterns({
    incidents: failures.incidents,
    latestApprovals:
      failures.total >= WIDESPREAD.failures && hasTime() ? await services.index.latestApprovals(LATEST_APPROVALS) : [],
    unreadableMessages: sample?.counts.unreadable ?? 0,
    accountHash: services.accountHash,
  });
  const alert = request.dryRun || !hasTime() ? { alerted: [] } : await tryToAlert(patterns, services);
  const analysis = {
    action: request.action,
    failedPayments: failures.total,
    byFailureCode: Object.fromEntries(failures.byCause),
    byRelease: Object.fromEntries(failures.byRelease),
    byAge: Object.fromEntries(failures.byAge),
    accounts: failures.byAccount.size,
    byAccount: mostFailing(failures, services.accountHash),
    firstSeen: failures.firstSeen ?? null,
    lastSeen: failures.lastSeen ?? null,
    heldAccounts,
    patterns,
    ...alert,
    deadLetters,
    sample,
    more: stop.stoppedBy !== undefined,
    ...stop,
  };
  return { ...analysis, summary: summarize(analysis) };
}

async function countFailures(limit: number, services: Services, invocation: Invocation): Promise<Counted> {
  const failures = new Failures(services.clock.now());
  let from: Position | undefined;
  do {
    if (!timeIsLeft(services, invocation)) return { failures, stoppedBy: 'deadline' };
    // One beyond the limit shows whether more remain: a full last page has a successor, which may be empty.
    const size = Math.min(PAGE_SIZE, limit + 1 - failures.total);
    const { payments, next } = await services.index.failed(size, from);
    for (const payment of payments) {
      if (failures.total === limit) return { failures, stoppedBy: 'limit' };
      failures.add(payment);
    }
    from = next;
  } while (from !== undefined);
  return { failures };
}

/** Without an alert the analysis is still answered: the operator who asked for it reads it. */
async function tryToAlert(
  patterns: readonly Pattern[],
  services: Services,
): Promise<Pick<Analysis, 'alerted' | 'alertError'>> {
  try {
    return { alerted: await publishAlert(patterns, services) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    services.telemetry.warn('Alert not published', { error_code: codeOf(error) });
    return { alerted: [], alertError: error.message };
  }
}

function mostFailing({ byAccount }: Failures, accountHash: AccountHash): Analysis['byAccount'] {
  const most = [...byAccount].sort(([, one], [, other]) => other.failed - one.failed).slice(0, MOST_ACCOUNTS);
  return most.map(([account, { failed, exampleId }]) => ({
    accountHash: accountHash(account),
    failed,
    exampleTransactionId: exampleId,
  }));
}
