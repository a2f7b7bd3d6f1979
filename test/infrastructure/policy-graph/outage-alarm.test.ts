import { Policy, refused } from '../../../tools/kit/stacks/iam-policy';
import { REGION, type Resource } from '../../../tools/kit/stacks/stack-graph';
import { readGraph, readTemplate } from '../../../tools/kit/stacks/stacks';
import { callsFor } from '../../../tools/kit/stacks/terraform-calls';

interface Alarm extends Resource {
  readonly alarm_name: string;
  readonly alarm_description: string;
  readonly alarm_actions?: readonly string[];
  readonly ok_actions?: readonly string[];
}

interface CompositeAlarm extends Alarm {
  readonly alarm_rule: string;
  readonly actions_suppressor?: {
    readonly alarm: string;
    readonly wait_period: number;
    readonly extension_period: number;
  };
}

const graph = readGraph('outageAlarm');
const metricAlarms = graph.all<Alarm>('aws_cloudwatch_metric_alarm');
const compositeAlarms = graph.all<CompositeAlarm>('aws_cloudwatch_composite_alarm');
const composite = (purpose: string) => compositeAlarms.find(({ alarm_name }) => alarm_name === `alarm-${purpose}-dev`)!;
const outage = composite('payments-outage');

/** The metric alarms that a rule names. */
const namedBy = ({ alarm_rule }: CompositeAlarm) =>
  [...alarm_rule.matchAll(/ALARM\(([\w-]+)\)/g)].map(([, name]) => name!);
const purposesOf = (alarms: readonly { readonly alarm_name: string }[]) =>
  alarms.map(({ alarm_name }) => alarm_name.slice('alarm-'.length, -'-dev'.length)).sort();

describe('each alarm is emailed in one way', () => {
  test.each(metricAlarms)('$alarm_name', ({ alarm_name, alarm_actions, ok_actions }) => {
    const itself = alarm_actions === undefined ? 0 : 1;
    const others = compositeAlarms.filter((alarm) => namedBy(alarm).includes(alarm_name));
    expect(itself + others.length).toBe(1);
    if (alarm_actions === undefined) expect(ok_actions).toBeUndefined();
  });

  test('rules name alarms of the pipeline only, in the grammar of CloudWatch', () => {
    const names = new Set(metricAlarms.map(({ alarm_name }) => alarm_name));
    for (const alarm of compositeAlarms) {
      expect(alarm.alarm_rule).toMatch(/^ALARM\([\w-]+\)( OR ALARM\([\w-]+\))*$/);
      expect(namedBy(alarm).filter((name) => !names.has(name))).toEqual([]);
    }
  });
});

test('an outage is emailed by its symptoms, which end with it; what awaits an operator keeps no outage on', () => {
  expect(purposesOf(namedBy(outage).map((alarm_name) => ({ alarm_name })))).toEqual([
    'lambda-concurrency',
    'lambda-error-rate',
    'lambda-throttles',
    'payments-failed',
    'sqs-dlq-growth',
    'sqs-in-flight',
    'sqs-oldest-message-age',
    'sqs-queue-backlog',
    'sqs-queue-depth',
  ]);
});

test('security alarms, old reviews, and dead letters that expire, are emailed at once', () => {
  const direct = metricAlarms.filter(({ alarm_actions }) => alarm_actions !== undefined);
  expect(purposesOf(direct)).toEqual([
    'payments-review-age',
    'security-key-disabled',
    'security-root-use',
    'security-trail-change',
    'sqs-dlq-oldest-message-age',
  ]);
});

// Only a composite alarm has a suppressor: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
test.each(['sqs-dlq-messages', 'payments-parked'])(
  '%s is not emailed during an outage, and says itself what to do',
  (purpose) => {
    const email = composite(`${purpose}-email`);
    const watched = metricAlarms.find(({ alarm_name }) => alarm_name === `alarm-${purpose}-dev`)!;
    expect(namedBy(email)).toEqual([watched.alarm_name]);
    expect(email.actions_suppressor).toEqual({ alarm: outage.alarm_name, wait_period: 300, extension_period: 300 });
    expect(email.alarm_description).toBe(watched.alarm_description);
  },
);

test('the outage alarm itself is never suppressed', () => {
  expect(outage.actions_suppressor).toBeUndefined();
  expect(outage.alarm_description).toMatch(
    / First run: aws logs tail .+ -- Then follow docs\/runbooks\/alarm-payments-outage\.md$/,
  );
});

test('the dashboard begins with it', () => {
  const { dashboard_body } = graph.only<{ dashboard_body: string }>('aws_cloudwatch_dashboard');
  const { widgets } = JSON.parse(dashboard_body) as { widgets: { properties: { alarms?: string[] } }[] };
  const shown = widgets[0]!.properties.alarms!;
  expect(shown[0]).toBe(outage.arn);
  expect([...shown].sort()).toEqual([...compositeAlarms, ...metricAlarms].map(({ arn }) => arn).sort());
});

test('nothing else of the stack changes', () => {
  const [without, withIt] = [readTemplate('hold'), readTemplate('outageAlarm')].map(({ json }) => json.resource);
  const differing = Object.entries(withIt!)
    .filter(([type, byId]) => JSON.stringify(byId) !== JSON.stringify(without![type]))
    .map(([type]) => type);
  expect(differing.sort()).toEqual([
    'aws_cloudwatch_composite_alarm',
    'aws_cloudwatch_dashboard',
    'aws_cloudwatch_metric_alarm',
  ]);
});

describe("GitHub's roles", () => {
  const rolesOf = (configuration: 'roles' | 'rolesWithCompositeAlarms') => {
    const roles = readGraph(configuration);
    const named = (purpose: string) => roles.only('aws_iam_role', { name: `iam-role-github-${purpose}-dev` });
    return ['plan', 'apply'].map((purpose) => Policy.attachedTo(roles, named(purpose)));
  };
  const [planner, applier] = rolesOf('rolesWithCompositeAlarms');
  const pipeline = readGraph('boundedOutageAlarm');
  const added = pipeline.all('aws_cloudwatch_composite_alarm').map((alarm) => callsFor(alarm, pipeline));

  test('with compositeAlarms, one plans and the other applies composite alarms', () => {
    expect(added).toHaveLength(2);
    for (const { read, write } of added) {
      expect([refused(planner!, read), refused(applier!, [...read, ...write])]).toEqual([[], []]);
      expect(write.filter((request) => planner!.allows(request))).toEqual([]);
    }
  });

  test('only in the region', () => {
    const put = { action: 'cloudwatch:PutCompositeAlarm', on: '*', context: { 'aws:RequestedRegion': REGION } };
    expect(applier!.alsoAllows(put, { context: { 'aws:RequestedRegion': 'eu-west-1' } })).toEqual([]);
  });

  test('without it, none writes a composite alarm or reads one of others', () => {
    for (const role of rolesOf('roles')) {
      for (const action of ['cloudwatch:PutCompositeAlarm', 'cloudwatch:DescribeAlarms'])
        expect(role.allows({ action, on: '*', context: { 'aws:RequestedRegion': REGION } })).toBe(false);
    }
  });
});
