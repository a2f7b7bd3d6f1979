import { resourceNames } from '../../src/infrastructure/names';
import { findPipeline } from '../../src/ops/pipeline';

const { alarm, topic } = resourceNames({ environment: 'prod', queueName: 'payments' });
const actions = (name: string) => [`arn:aws:sns:eu-west-1:000000000000:${name}`];

test.each([
  ['its own', alarm('sqs-queue-depth'), topic, true],
  ['of another environment whose name ends so', alarm('sqs-queue-depth').replace(/prod$/, 'pre-prod'), topic.replace(/prod$/, 'pre-prod'), false],
  ['of another pipeline that tells the same topic', alarm('sqs-queue-depth').replace(/prod$/, 'dev'), topic, false],
  ['without an action', alarm('sqs-queue-depth'), undefined, false],
])('whose an alarm is, its name and its topic say: %s', (_what, name, told, expected) => {
  const { isAlarm } = findPipeline({ environment: 'prod', queueName: 'payments' });

  expect(isAlarm(name, told === undefined ? [] : actions(told))).toBe(expected);
});
