import { messagesOf } from './client-messages';
import type { Core } from './core';
import { inWords as inWordsOf } from './operations';
import type { Scenario, Trouble } from './scenario';
import { type Failure, simulate } from './seeds';

/** A failing run as a person can follow it: what was sent, what went wrong, what happened when. */
export async function storyOf({ seed, scenario, violations }: Failure, core: Core): Promise<string> {
  const { story } = await simulate(scenario, core, true);
  return [
    `Seed ${seed} violates: ${violations.map(({ invariant, what }) => `${invariant}: ${what}`).join('; ')}.`,
    'The smallest story found that shows it:',
    `  ${scenario.clocksAheadMs.length} execution environments, whose clocks are ahead by ${scenario.clocksAheadMs.map((ms) => `${ms} ms`).join(', ')}`,
    `  a failed payment lets its account ${scenario.onFailedPayment === 'hold' ? 'wait' : 'continue'}${scenario.switchesAtMs.map((ms) => `, the other way from ${ms / 1_000} s on`).join('')}`,
    ...(scenario.outcomes ? ['  outcomes are published'] : []),
    ...(scenario.maxPaymentAgeHours === undefined ? [] : [`  payments expire after ${scenario.maxPaymentAgeHours} h`]),
    ...conditions(scenario).map((line) => `  ${line}`),
    ...sendings(scenario).map((line) => `  ${line}`),
    ...scenario.troubles.map((trouble) => `  trouble: ${inWords(trouble)}`),
    '',
    ...story,
    '',
  ].join('\n');
}

function sendings(scenario: Scenario): string[] {
  return messagesOf(scenario).map(({ groupId, payment, afterMs }) => {
    const what = payment
      ? `${payment.message.transaction_id}, on which the fraud API says ${payment.says.join(', then ')}`
      : 'an invalid message';
    return `after ${afterMs / 1_000} s, ${groupId} sends ${what}`;
  });
}

function conditions({ deadLetterRetentionMs, groupWindow, operations, byHand }: Scenario): string[] {
  return [
    ...(deadLetterRetentionMs === undefined ? [] : [`dead letters expire after ${deadLetterRetentionMs / 1_000} s`]),
    ...(groupWindow === undefined ? [] : [`SQS finds groups among the first ${groupWindow} messages of a queue`]),
    ...operations.map(inWordsOf),
    ...byHand.map(
      ({ atMs, does, which }) =>
        `at ${atMs / 1_000} s by hand: ${does} ${does === 'purge' ? '' : `letter ${which + 1}`}`,
    ),
  ];
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
