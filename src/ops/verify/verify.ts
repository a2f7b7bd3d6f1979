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
}

/** Checks the deployed resources and, if asked, sends a canary. */
export async function verify(
  options: VerifyOptions,
  services: Services,
  format: FormatOptions,
  { stderr, signal }: InterruptibleTerminal,
): Promise<Answer> {
  const results = await withProgress('asking AWS', stderr, unlessInterrupted(signal, runChecks(services.deployment())));
  const canary = options.canary === true ? await withCanary(services, { stderr, signal }) : undefined;
  const all = [...results, ...(canary === undefined ? [] : [canary])];
  const of = (result: CheckResult['result']) => all.filter((one) => one.result === result).length;
  const counts = { passed: of('passed'), failed: of('failed'), unknown: of('unknown') };
  const notEmulated = of('not_emulated');
  const { place } = services.payments;
  return {
    json: {
      place,
      ...counts,
      ...(notEmulated > 0 && { not_emulated: notEmulated }),
      checks: results.map(checkJson),
      ...(canary && { canary: canaryJson(canary) }),
    },
    text: joined([
      format.colours.bold(place),
      renderResults(results, format),
      ...(canary === undefined ? [] : [renderCanary(canary, format)]),
      shown`${counts.passed} checks passed, ${counts.failed} failed, ${counts.unknown} could not be made${notEmulated > 0 ? `, ${notEmulated} are not emulated` : ''}.`,
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

/** In short what passed or is not emulated, and below it a table of the rest. */
function renderResults(results: readonly CheckResult[], format: FormatOptions): ShownText {
  const { colours } = format;
  const words = { passed: colours.green('ok'), not_emulated: colours.dim('not emulated') };
  const mark = (result: CheckResult['result']) =>
    result === 'failed' ? colours.red('✘') : colours.yellow('not checked:');
  const short = results.flatMap(({ name, result }) =>
    result === 'passed' || result === 'not_emulated' ? [[name, words[result]]] : [],
  );
  const others = results.flatMap(({ name, result, findings, missingPermissions }) =>
    result === 'unknown' && findings.length === 0
      ? [[name, colours.yellow('not checked'), `Ask for the permission ${missingPermissions.join(', ')}.`]]
      : findings.map(({ found, whatToDo }) => [name, shown`${mark(result)} ${found}`, whatToDo]),
  );
  return joined([
    ...(short.length === 0 ? [] : [table(['Check', 'Result'], short, format)]),
    ...(others.length === 0 ? [] : [table(['Check', 'Result', 'What to do'], others, format, true)]),
  ]);
}
