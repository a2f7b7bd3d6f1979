import { EXIT } from '../../cli/command-error';
import { joined, shown, type ShownText } from '../../cli/escaped-text';
import { withProgress } from '../../cli/progress';
import { InterruptedError, type InterruptibleTerminal, unlessInterrupted } from '../../cli/terminal';
import type { Answer, FormatOptions } from '../format';
import type { Services } from '../services';
import { table } from '../table';
import { type CanaryResult, canaryPayment, followCanary, renderCanary } from './canary';
import type { CheckResult, Finding } from './check';
import { runChecks } from './checks';

export interface VerifyOptions {
  readonly canary?: boolean;
  readonly local?: boolean;
}

/** Checks the deployed resources and, if asked, sends a canary. Those of a local pipeline are emulated, so it gets the canary alone. */
export async function verify(
  options: VerifyOptions,
  services: Services,
  format: FormatOptions,
  { stderr, signal }: InterruptibleTerminal,
): Promise<Answer> {
  const isLocal = options.local === true;
  const results = isLocal
    ? []
    : await withProgress('asking AWS', stderr, unlessInterrupted(signal, runChecks(services.deployment())));
  const canary = options.canary === true || isLocal ? await withCanary(services, { stderr, signal }) : undefined;
  const all = [...results, ...(canary === undefined ? [] : [canary])];
  const of = (result: CheckResult['result']) => all.filter((one) => one.result === result).length;
  const counts = { passed: of('passed'), failed: of('failed'), unknown: of('unknown') };
  const { place } = services.payments;
  return {
    json: { place, ...counts, checks: results.map(checkJson), ...(canary && { canary: canaryJson(canary) }) },
    text: joined([
      format.colours.bold(place),
      ...(isLocal ? ['Its resources are emulated: only the way of a payment is checked.'] : []),
      renderResults(results, format),
      ...(canary === undefined ? [] : [renderCanary(canary, format)]),
      shown`${counts.passed} checks passed, ${counts.failed} failed, ${counts.unknown} could not be made.`,
    ]),
    exitCode: counts.failed > 0 ? EXIT.failed : counts.unknown > 0 ? EXIT.unavailable : EXIT.success,
  };
}

async function withCanary(
  services: Services,
  { stderr, signal }: Pick<InterruptibleTerminal, 'stderr' | 'signal'>,
): Promise<CanaryResult> {
  const payment = canaryPayment();
  try {
    const following = unlessInterrupted(signal, followCanary(payment, services, signal));
    return await withProgress(`following ${payment.transaction_id}`, stderr, following);
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    throw new InterruptedError(
      `Interrupted. The canary may be on its way: payment ${payment.transaction_id} shows it.`,
    );
  }
}

function checkJson({ name, result, findings, missingPermissions }: CheckResult) {
  return { check: name, result, findings: findings.map(findingJson), missing_permissions: missingPermissions };
}

function canaryJson({ transactionId, result, findings, steps, record }: CanaryResult) {
  const { payment_status, fraud, failure_code } = record ?? {};
  return {
    transaction_id: transactionId,
    result,
    steps,
    findings: findings.map(findingJson),
    ...(record && { payment_status, fraud, failure_code }),
  };
}

function findingJson({ found, whatToDo }: Finding) {
  return { found, what_to_do: whatToDo };
}

/** What passed in short, and below it a table of what did not. */
function renderResults(results: readonly CheckResult[], format: FormatOptions): ShownText {
  const { colours } = format;
  const passed = results.filter(({ result }) => result === 'passed').map(({ name }) => [name, colours.green('ok')]);
  const others = results.flatMap(({ name, result, findings, missingPermissions }) =>
    result === 'unknown'
      ? [[name, colours.yellow('not checked'), `Ask for the permission ${missingPermissions.join(', ')}.`]]
      : findings.map(({ found, whatToDo }) => [name, shown`${colours.red('✘')} ${found}`, whatToDo]),
  );
  return joined([
    ...(passed.length === 0 ? [] : [table(['Check', 'Result'], passed, format)]),
    ...(others.length === 0 ? [] : [table(['Check', 'Result', 'What to do'], others, format, true)]),
  ]);
}
