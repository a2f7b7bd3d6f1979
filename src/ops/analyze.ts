import { EXIT } from '../cli/command-error';
import { joined, shown, ShownText } from '../cli/escaped-text';
import type { Analysis } from '../dlq-processor/core/analysis';
import { renderHeldAccounts } from './held-accounts';
import type { DlqRequest, Services } from './services';
import { type Answer, keyValueList, type FormatOptions, shownId } from './format';
import { table } from './table';

/** Shows the deployed function's analysis: what failed, why, since when, and what to do. */
export async function analyze(
  { limit, dryRun }: Pick<DlqRequest, 'limit' | 'dryRun'>,
  { dlqProcessor }: Services,
  format: FormatOptions,
): Promise<Answer> {
  const request = {
    action: 'analyze',
    ...(dryRun !== undefined && { dryRun }),
    ...(limit !== undefined && { limit }),
  } as const;
  const analysis = (await dlqProcessor.invoke(request)) as Analysis;
  return { json: analysis, text: textOf(analysis, format), exitCode: EXIT.success };
}

function textOf(analysis: Analysis, format: FormatOptions): ShownText {
  const { byFailureCode, byRelease, byAge, byAccount, sample } = analysis;
  const releases = Object.fromEntries(Object.entries(byRelease).map(([id, count]) => [shownId(id, format), count]));
  return joined([
    keyValueList(overview(analysis), format),
    ...counts('Cause', byFailureCode, format),
    ...counts('Release', releases, format),
    ...counts('Age', byAge, format),
    ...(byAccount.length === 0
      ? []
      : [
          table(
            ['Account (hash)', 'Failed', 'For example'],
            byAccount.map(({ accountHash, failed, exampleTransactionId }) => [
              accountHash,
              String(failed),
              exampleTransactionId,
            ]),
            format,
          ),
        ]),
    ...held(analysis, format),
    ...counts('Dead letters, of a sample', sample?.counts ?? {}, format),
    ...unpublished(sample?.unpublishedTransactionIds ?? []),
    ...patterns(analysis, format),
    ...rest(analysis, format),
  ]);
}

function overview({
  failedPayments,
  accounts,
  firstSeen,
  lastSeen,
  deadLetters,
}: Analysis): (readonly [string, string])[] {
  return [
    [
      'Failed payments',
      failedPayments === 0
        ? 'none'
        : `${failedPayments} of ${accounts} accounts, from ${firstSeen ?? ''} to ${lastSeen ?? ''}`,
    ],
    [
      'Dead letters',
      deadLetters === null
        ? 'no time was left to look'
        : `about ${deadLetters.visible}, and ${deadLetters.inFlight} in flight`,
    ],
  ];
}

function counts(what: string, of: Readonly<Partial<Record<string, number>>>, format: FormatOptions): ShownText[] {
  const rows = Object.entries(of).filter(([, count]) => count !== 0);
  return rows.length === 0
    ? []
    : [
        table(
          [what, 'Count'],
          rows.map(([name, count]) => [name, count ?? 0]),
          format,
        ),
      ];
}

function unpublished(ids: readonly string[]): ShownText[] {
  if (ids.length === 0) return [];
  return [shown`Decided, but maybe not published: ${ids.join(', ')}. Redrive them to publish their outcomes.`];
}

function held({ heldAccounts }: Analysis, format: FormatOptions): ShownText[] {
  if (heldAccounts === null) return [shown`Held accounts: no time was left to look.`];
  const { count, more, longest } = heldAccounts;
  const rows = longest.map(({ accountHash, since, waiting, waitsFor }) => ({
    account: accountHash,
    since,
    waiting,
    blocker: waitsFor && { id: waitsFor.transactionId, state: waitsFor.state, failureCode: waitsFor.failureCode },
  }));
  return [renderHeldAccounts(count, more, rows, format)];
}

function patterns({ patterns: found }: Analysis, { colours }: FormatOptions): ShownText[] {
  if (found.length === 0) return [shown`No pattern needs a person.`];
  return found.map(({ kind, subject, failed, exampleTransactionId, whatToDo }) => {
    const example = exampleTransactionId === undefined ? '' : `, as ${exampleTransactionId}`;
    return shown`${colours.bold(kind)} (${subject}): ${failed} failed${example}. ${whatToDo}`;
  });
}

function rest({ alerted, alertError, more, stoppedBy }: Analysis, { colours }: FormatOptions): ShownText[] {
  return [
    ...(alerted.length === 0 ? [] : [shown`Alert published for ${alerted.join(', ')}.`]),
    ...(alertError === undefined ? [] : [colours.yellow(alertError)]),
    ...(more ? [colours.yellow(`Not all were counted: the ${stoppedBy ?? 'limit'} was reached.`)] : []),
  ];
}
