import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Statistic } from '../../../../src/infrastructure/monitoring/metric';
import { EmbeddedCloudWatch } from '../../../../tools/kit/cloudwatch/embedded-cloudwatch';
import { PipelineClock } from '../../../../tools/kit/cloudwatch/pipeline-clock';
import { SynthesizedStack } from '../../../../tools/kit/embedded/synthesized-stack';
import { newDirectory } from '../../../../tools/kit/new-directory';
import { readTemplate } from '../../../../tools/kit/stacks/stacks';

/** The most that an alarm tolerates, and what makes it ring: by metric, its sum in five minutes or its value in each minute. */
const LIMITS: Readonly<Record<string, Readonly<Record<string, readonly [quiet: number, rings: number]>>>> = {
  'sqs-queue-depth': { ApproximateNumberOfMessagesVisible: [1_000, 1_001] },
  'sqs-queue-backlog': {
    ApproximateNumberOfMessagesVisible: [50_000, 50_000],
    ApproximateNumberOfMessagesNotVisible: [10_000, 10_001],
  },
  'sqs-in-flight': { ApproximateNumberOfMessagesNotVisible: [96_000, 96_001] },
  'sqs-oldest-message-age': { ApproximateAgeOfOldestMessage: [15 * 60, 15 * 60 + 1] },
  'sqs-dlq-messages': { ApproximateNumberOfMessagesVisible: [0, 1] },
  'sqs-dlq-growth': { NumberOfMessagesSent: [10, 11] },
  'sqs-dlq-oldest-message-age': { ApproximateAgeOfOldestMessage: [967_680, 967_681] },
  'lambda-error-rate': { Invocations: [100, 100], Errors: [1, 2] },
  'lambda-concurrency': { ConcurrentExecutions: [44, 45] },
  'lambda-throttles': { Throttles: [0, 1] },
  'payments-failed': { PaymentsProcessed: [100, 100], PaymentsFailed: [1, 2] },
  'payments-parked': { PaymentsParked: [0, 1] },
  'security-root-use': { RootAccountUses: [0, 1] },
  'security-trail-change': { TrailChanges: [0, 1] },
  'security-key-disabled': { KeysDisabled: [0, 1] },
};

const MINUTE = 60_000;

/** With `onFailedPayment: 'hold'`, a pipeline has every alarm. */
const STACK = join(newDirectory(), 'stack.json');
const { resource } = readTemplate('hold').json;
writeFileSync(STACK, JSON.stringify({ resource, provider: { aws: [{ region: 'ap-southeast-1' }] } }));

function start() {
  let time = Date.now();
  const stack = SynthesizedStack.read(STACK);
  const cloudWatch = new EmbeddedCloudWatch(stack, new PipelineClock(1, () => time));
  const wait = (minutes: number) => {
    time += minutes * MINUTE;
    cloudWatch.tick();
  };
  return { cloudWatch, wait };
}

function alarmOf(cloudWatch: EmbeddedCloudWatch, purpose: string) {
  return cloudWatch.alarms.find(({ definition: { name } }) => name === `alarm-${purpose}-dev`)!;
}

/** Puts the values that the alarm reads for a quarter of an hour. */
function alarmWith(purpose: string, which: 0 | 1) {
  const { cloudWatch, wait } = start();
  const alarm = alarmOf(cloudWatch, purpose);
  const inputs = alarm.definition.queries.flatMap(({ reads }) => ('expression' in reads ? [] : [reads]));
  for (let minute = 0; minute < 15; minute++) {
    for (const input of inputs)
      if (input.statistic !== 'Sum' || minute === 0)
        put(cloudWatch, input, LIMITS[purpose]![input.metricName]?.[which]);
    wait(1);
  }
  return alarm;
}

function put(cloudWatch: EmbeddedCloudWatch, { statistic: _, ...metric }: Statistic, value: number | undefined): void {
  if (value !== undefined) cloudWatch.put(metric, value);
}

test('each alarm of the stack has its limit here', () => {
  const names = start().cloudWatch.alarms.map(({ definition: { name } }) => name);
  expect(names.sort()).toEqual(
    Object.keys(LIMITS)
      .map((purpose) => `alarm-${purpose}-dev`)
      .sort(),
  );
});

describe.each(Object.keys(LIMITS))('%s', (purpose) => {
  test('is quiet at its limit', () => {
    expect(alarmWith(purpose, 0).history).toEqual([]);
  });

  test('rings beyond it, and the mail leads to its runbook', () => {
    const { history, runbook } = alarmWith(purpose, 1);
    expect(history[0]).toMatchObject({ from: 'OK', to: 'ALARM' });
    expect(runbook).toBe(`docs/runbooks/alarm-${purpose}.md`);
    expect(existsSync(runbook!)).toBe(true);
    expect(history[0]!.mail!.subject).toBe(`ALARM: "alarm-${purpose}-dev" in ap-southeast-1`);
    expect(history[0]!.mail!.body).toContain(runbook);
  });
});

test('an event of the trail rings the alarm on it, which is over a quarter of an hour later', () => {
  const { cloudWatch, wait } = start();
  cloudWatch.trail({ eventName: 'StopLogging', userIdentity: { type: 'IAMUser' } });
  wait(1);
  expect(alarmOf(cloudWatch, 'security-trail-change').state).toBe('ALARM');
  expect(cloudWatch.alarms.filter(({ state }) => state === 'ALARM')).toHaveLength(1);
  wait(15);
  expect(alarmOf(cloudWatch, 'security-trail-change').state).toBe('OK');
});
