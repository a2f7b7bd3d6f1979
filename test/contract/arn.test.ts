import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arn, arnPattern } from '../../src/contract/arn';

const SOURCE = join(__dirname, '../../src');

test('an ARN has each part in its place; what belongs to no region or account leaves it empty', () => {
  const partition = 'aws';
  const queue = {
    partition,
    service: 'sqs',
    region: 'ap-southeast-1',
    accountId: '123456789012',
    resource: 'payments.fifo',
  };
  expect(arn(queue)).toBe('arn:aws:sqs:ap-southeast-1:123456789012:payments.fifo');
  expect(arn({ partition, service: 'iam', accountId: '123456789012', resource: 'root' })).toBe(
    'arn:aws:iam::123456789012:root',
  );
  expect(arn({ partition: 'aws-cn', service: 's3', resource: 'bucket' })).toBe('arn:aws-cn:s3:::bucket');
});

describe('the pattern of an ARN', () => {
  const pattern = new RegExp(arnPattern({ service: 'sqs', resource: String.raw`\w+` }));

  test.each(['aws', 'aws-cn', 'aws-us-gov'])('matches the partition %s', (partition) => {
    expect(pattern.test(`arn:${partition}:sqs:cn-north-1:123456789012:payments`)).toBe(true);
  });

  test.each([
    'arn:aws:sns:ap-southeast-1:123456789012:payments',
    'arn:aws:sqs::123456789012:payments',
    'arn:aws:sqs:ap-southeast-1:1234:payments',
    'arn:aws:sqs:ap-southeast-1:123456789012:pay ments',
    'an arn:aws:sqs:ap-southeast-1:123456789012:payments',
  ])('does not match %s', (text) => {
    expect(pattern.test(text)).toBe(false);
  });
});

test('no other file of src writes an ARN or its pattern', () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const writing = files.filter((name) => /\barn:(aws|\$)/.test(readFileSync(join(SOURCE, name), 'utf8')));
  expect(writing).toEqual([join('contract', 'arn.ts')]);
});
