import { lettersOf } from './clients';
import type { Core } from './core';
import type { Scenario, Trouble } from './scenario';
import { type Failure, simulate } from './seeds';

/** A failing run as a person can follow it: what was sent, what went wrong, what happened when. */
export async function tell({ seed, scenario, violations }: Failure, core: Core): Promise<string> {
  const { story } = await simulate(scenario, core, true);
  return [
    `Seed ${seed} violates: ${violations.map(({ invariant, what }) => `${invariant}: ${what}`).join('; ')}.`,
    'The smallest story that shows it:',
    `  ${scenario.clocksAheadMs.length} execution environments, whose clocks are ahead by ${scenario.clocksAheadMs.map((ms) => `${ms} ms`).join(', ')}`,
    `  a failed payment lets its account ${scenario.onFailedPayment === 'hold' ? 'wait' : 'go on'}; redrives ${scenario.redrivesAtMs.length === 0 ? 'none' : `at ${scenario.redrivesAtMs.map((ms) => `${ms / 1_000} s`).join(', ')}`}`,
    ...sendings(scenario).map((line) => `  ${line}`),
    ...scenario.troubles.map((trouble) => `  trouble: ${inWords(trouble)}`),
    '',
    ...story,
    '',
  ].join('\n');
}

function sendings(scenario: Scenario): string[] {
  return lettersOf(scenario).map(({ groupId, payment, afterMs }) => {
    const what = payment ? `${payment.message.transaction_id}, on which the fraud API says ${payment.says.join(', then ')}` : 'no payment';
    return `after ${afterMs / 1_000} s, ${groupId} sends ${what}`;
  });
}

function inWords(trouble: Trouble): string {
  switch (trouble.at) {
    case 'outage':
      return `${trouble.of} is out from ${trouble.fromMs / 1_000} s, for ${trouble.lastsMs / 1_000} s`;
    case 'slowness':
      return `calls take up to ${trouble.byMs / 1_000} s longer from ${trouble.fromMs / 1_000} s, for ${trouble.lastsMs / 1_000} s`;
    case 'blip':
      return `the first ${trouble.calls} calls for each payment: ${JSON.stringify(trouble.fault)}`;
    case 'invoke':
      return `batch ${trouble.call + 1} waits ${trouble.lateMs / 1_000} s for its invocation`;
    default:
      return `call ${trouble.call + 1} (${trouble.at}): ${typeof trouble.fault === 'string' ? trouble.fault : JSON.stringify(trouble.fault)}`;
  }
}
