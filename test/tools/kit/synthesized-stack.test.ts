import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SynthesizedStack } from '../../../tools/kit/embedded/synthesized-stack';
import { newDirectory } from '../../../tools/kit/new-directory';

const file = join(newDirectory(), 'cdk.tf.json');
writeFileSync(
  file,
  JSON.stringify({
    variable: { environment: { default: 'dev' } },
    provider: { aws: [{ region: 'eu-west-1' }] },
    resource: {
      aws_sqs_queue: { main: { name: 'main-${var.environment}', delay: 3 }, dead: { name: 'dead' } },
      aws_lambda_function: { processor: { queue: '${aws_sqs_queue.main.url}', name: '${aws_sqs_queue.main.name}' } },
    },
  }),
);

test('attributes are evaluated with the variables at their defaults', () => {
  const stack = SynthesizedStack.read(file);

  expect(stack.text('aws_sqs_queue', 'main', 'name')).toBe('main-dev');
  expect(stack.text('aws_lambda_function', 'processor', 'name')).toBe('main-dev');
  expect(stack.number('aws_sqs_queue', 'main', 'delay')).toBe(3);
  expect(stack.attribute('aws_sqs_queue', 'main', 'none')).toBeUndefined();
  expect(stack.ids('aws_sqs_queue')).toEqual(['main', 'dead']);
  expect(stack.ids('aws_none')).toEqual([]);
  expect(stack.region).toBe('eu-west-1');
});

test('a value that only a deployment knows is unknown until it is given', () => {
  const stack = SynthesizedStack.read(file);

  expect(() => stack.text('aws_lambda_function', 'processor', 'queue')).toThrow('aws_sqs_queue.main.url');
  stack.deploy('aws_sqs_queue', 'main', 'url', 'http://127.0.0.1/main');
  expect(stack.text('aws_lambda_function', 'processor', 'queue')).toBe('http://127.0.0.1/main');
});

test('a missing stack says how to make one', () => {
  expect(() => SynthesizedStack.read(join(file, 'none'))).toThrow('npx projen synth');
});

test('a resource that should be alone and is not, or is missing, is named', () => {
  const stack = SynthesizedStack.read(file);

  expect(stack.only('aws_lambda_function')).toBe('processor');
  expect(() => stack.only('aws_sqs_queue')).toThrow('2 resources of type aws_sqs_queue');
  expect(() => stack.text('aws_sqs_queue', 'third', 'name')).toThrow('no aws_sqs_queue.third');
});
