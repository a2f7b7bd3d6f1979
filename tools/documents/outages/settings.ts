import { readProcessorEnvironment } from '../../../src/contract';
import { SynthesizedStack } from '../../kit/embedded/synthesized-stack';
import type { QueueSettings } from './tolerance';

const QUEUE = 'payments_payment_queue';
const FUNCTION = 'payments_payment_processor';

/** The settings that the stack deploys by default. @throws CommandError when there is no such stack */
export function readQueueSettings(stackFile: string): QueueSettings {
  const stack = SynthesizedStack.read(stackFile);
  const environment = readProcessorEnvironment(variablesOf(stack));
  return {
    maxReceiveCount: environment.MAX_RECEIVE_COUNT,
    retryDelays: environment.RETRY_WAITS_SECONDS,
    visibilityTimeout: stack.number('aws_sqs_queue', QUEUE, 'visibility_timeout_seconds'),
    retention: stack.number('aws_sqs_queue', QUEUE, 'message_retention_seconds'),
    functionTimeout: stack.number('aws_lambda_function', FUNCTION, 'timeout'),
    batchSize: stack.number(
      'aws_lambda_event_source_mapping',
      stack.only('aws_lambda_event_source_mapping'),
      'batch_size',
    ),
  };
}

/** The function's, with something in the place of what only a deployment knows. */
function variablesOf(stack: SynthesizedStack): Record<string, string> {
  for (const id of stack.ids('aws_sqs_queue')) stack.deploy('aws_sqs_queue', id, 'url', `https://sqs.invalid/${id}`);
  for (const id of stack.ids('random_bytes')) stack.deploy('random_bytes', id, 'hex', '0'.repeat(64));
  for (const id of stack.ids('random_uuid')) stack.deploy('random_uuid', id, 'result', id);
  return (stack.attribute('aws_lambda_function', FUNCTION, 'environment') as { variables: Record<string, string> })
    .variables;
}
