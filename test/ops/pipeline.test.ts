import { writeFileSync } from 'node:fs';
import { resourceNames } from '../../src/infrastructure/resource-names';
import { findPipeline } from '../../src/ops/pipeline';
import { fileOf, outputsOf } from '../../tools/kit/ops/ops-bench';

const { alarm, topic } = resourceNames({ environment: 'prod', queueName: 'payments' });
const actions = (name: string) => [`arn:aws:sns:eu-west-1:000000000000:${name}`];

test.each([
  ['its own', alarm('sqs-queue-depth'), topic, true],
  [
    'of another environment whose name ends so',
    alarm('sqs-queue-depth').replace(/prod$/, 'pre-prod'),
    topic.replace(/prod$/, 'pre-prod'),
    false,
  ],
  ['of another pipeline that tells the same topic', alarm('sqs-queue-depth').replace(/prod$/, 'dev'), topic, false],
  ['without an action', alarm('sqs-queue-depth'), undefined, false],
])('whose an alarm is, its name and its topic say: %s', (_what, name, told, expected) => {
  const { isAlarm } = findPipeline({ environment: 'prod', queueName: 'payments' });

  expect(isAlarm({ name, actions: told === undefined ? [] : actions(told), description: '' })).toBe(expected);
});

test('an alarm without an action, which the outage alarm emails, says by its runbook whose it is', () => {
  const { isAlarm } = findPipeline({ environment: 'prod', queueName: 'payments' });
  const description = 'Something. First run: aws -- Then follow docs/runbooks/alarm-sqs-queue-depth.md';
  const alarms = ['alarm-sqs-queue-depth-prod', 'alarm-sqs-queue-depth-pre-prod', 'alarm-sqs-queue-depth-dev'];

  expect(alarms.map((name) => isAlarm({ name, actions: [], description }))).toEqual([true, false, false]);
});

describe('outputs in the encodings that shells write', () => {
  const text = JSON.stringify(outputsOf({ payments_payment_table_name: 'Zahlungen-\u00fc' }), null, 2).replaceAll(
    '\n',
    '\r\n',
  );
  const found = (content: Buffer) => {
    const outputs = fileOf('');
    writeFileSync(outputs, content);
    return findPipeline({ outputs, environment: 'dev', queueName: 'payments' });
  };

  test.each<[encoding: string, content: Buffer]>([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 LE with a byte order mark, as Windows PowerShell writes it', Buffer.from(`\uFEFF${text}\r\n`, 'utf16le')],
    ['UTF-16 BE with a byte order mark', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('%s', (_encoding, content) => {
    expect(found(content)).toMatchObject({ paymentTable: 'Zahlungen-\u00fc', paymentQueue: 'payments.fifo' });
  });

  test.each<[what: string, content: Buffer]>([
    ['bytes that are not UTF-8', Buffer.from(text, 'latin1')],
    ['UTF-16 without a byte order mark', Buffer.from(text, 'utf16le')],
    ['half a character of UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le').subarray(0, -1)],
    ['half of a surrogate pair', Buffer.from(`\uFEFF${text.replace('\u00fc', '\ud83d')}`, 'utf16le')],
    ['nothing', Buffer.alloc(0)],
  ])('%s is refused', (_what, content) => {
    expect(() => found(content)).toThrow(
      /is not what "terraform output -json" writes: JSON in UTF-8, or in UTF-16 with a byte order mark/,
    );
  });
});
