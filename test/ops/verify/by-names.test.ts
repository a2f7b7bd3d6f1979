import { findPipeline } from '../../../src/ops/pipeline';
import { type Change, failedChecks } from '../../../tools/kit/ops/fake-deployment';
import { type DeploymentState, KEY_CHANGE_TOPIC, TOPIC } from '../../../tools/kit/ops/sound-deployment';

const queue = (state: DeploymentState) => state.queues['payments.fifo']!;
const deadLetters = (state: DeploymentState) => state.queues['dead.fifo']!;

const byNames = () => {
  const pipeline = findPipeline({ environment: 'test', queueName: 'payments' });
  const names = { paymentQueue: 'payments.fifo', deadLetterQueue: 'dead.fifo', paymentTable: 'payments' };
  const functions = { paymentProcessor: 'payment-processor', dlqProcessor: 'dlq-processor' };
  // The DLQ processor's topic is of another environment's name, as a shared one would be.
  const isAlarm = ({ name }: { name: string }) => name.endsWith('-test');
  return { ...pipeline, ...names, ...functions, isAlarm };
};
const sound: Change = (state) => {
  const topic = TOPIC.replace(/[^:]+$/, 'sns-payment-key-changes-test');
  state.subscriptions[topic] = state.subscriptions[KEY_CHANGE_TOPIC]!;
  state.admitted = [...state.admitted, 'alarm-dlq-other'];
  for (const [index, name] of Object.keys(byNames().expected().logGroups).entries())
    state.logGroups[index]!.logGroupName = name;
};

const failedWith = (fault: Change) =>
  failedChecks((state) => {
    sound(state);
    fault(state);
  }, byNames());

test('what an existing network may leave out is said to need the outputs, which tell it', async () => {
  const failed = await failedWith((state) => {
    state.endpoints.shift();
    state.flowLogs = [];
  });
  const toDo = failed.flatMap(({ findings }) => findings.map(({ whatToDo }) => whatToDo));
  expect(toDo).toHaveLength(3);
  for (const step of toDo) expect(step).toMatch(/^In an existing network .* verify with --outputs\..* Deploy again/);
});

test('all checks pass; settings that only the outputs tell have rules', async () => {
  const changed: Change = (state) => {
    queue(state).VisibilityTimeout = '360';
    deadLetters(state).MessageRetentionPeriod = '432000';
    state.reserved = undefined;
    state.table.DeletionProtectionEnabled = false;
    state.objectLock = undefined;
    state.logGroups[0]!.retentionInDays = 1;
  };
  expect(await failedWith(changed)).toEqual([]);
});

test.each<[check: string, fault: Change, found: RegExp]>([
  ['Payment queue: settings', (s) => (queue(s).VisibilityTimeout = '359'), /is 359, not at least 360/],
  ['Dead-letter queue: settings', (s) => (deadLetters(s).MessageRetentionPeriod = '345600'), /not at least 432000/],
  ['Mapping: settings', (s) => (s.mappings[0]!.ScalingConfig = undefined), /MaximumConcurrency is not set/],
  ['Concurrency: reserved as deployed', (s) => (s.reserved = 49), /is 49, not at least the mapping's/],
  ['Alarms: all exist', (s) => s.alarms.pop(), /no alarm alarm-throttles-test/],
  ['Log groups: retention', (s) => s.logGroups.shift(), /-processor-test is missing, not kept for a number of days/],
  [
    'Log groups: retention',
    (s) => (s.logGroups[2]!.retentionInDays = undefined),
    /\/cloudtrail\S+ is kept without end/,
  ],
  [
    'Dead-letter queue: settings',
    (s) => (deadLetters(s).KmsMasterKeyId = 'alias/aws/sqs'),
    /is alias\/aws\/sqs, not the ARN/,
  ],
])('%s: fails, case %#', async (check, fault, found) => {
  const failed = await failedWith(fault);
  expect(failed.map(({ name }) => name)).toContain(check);
  expect(failed.find(({ name }) => name === check)!.findings[0]!.found).toMatch(found);
});
