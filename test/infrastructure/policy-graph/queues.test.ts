import { keyPolicy } from '../../../tools/kit/stacks/iam-policy';
import { ACCOUNT, type Resource } from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';

interface Queue extends Resource {
  readonly url: string;
  readonly kms_master_key_id: string;
  readonly redrive_policy?: string;
  readonly message_retention_seconds: number;
  readonly visibility_timeout_seconds: number;
}

interface RedriveAllowPolicy {
  readonly redrive_allow_policy: string;
}

interface Mapping extends Resource {
  readonly event_source_arn: string;
  readonly function_name: string;
}

interface LambdaFunction extends Resource {
  readonly timeout: number;
  readonly environment: { readonly variables: Readonly<Record<string, string>> };
}

const graph = readGraph('deployed');
const queues = graph.all<Queue>('aws_sqs_queue');

/** The queues that give up, what they give up to, and after how many receives. */
const redrives = queues.flatMap((queue) => {
  if (queue.redrive_policy === undefined) return [];
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(queue.redrive_policy) as Record<string, unknown>;
  return [
    {
      address: queue.address,
      queue,
      deadLetters: graph.at<Queue>('aws_sqs_queue', String(deadLetterTargetArn)),
      maxReceiveCount,
    },
  ];
});

describe.each(redrives)('$address gives up to a queue that', ({ queue, deadLetters }) => {
  test('is another, and takes from this one alone', () => {
    const allowed = graph.only<RedriveAllowPolicy>('aws_sqs_queue_redrive_allow_policy', {
      queue_url: deadLetters.url,
    });
    expect(deadLetters.arn).not.toBe(queue.arn);
    expect(JSON.parse(allowed.redrive_allow_policy)).toEqual({
      redrivePermission: 'byQueue',
      sourceQueueArns: [queue.arn],
    });
  });

  test('keeps messages for longer than it does', () => {
    expect(deadLetters.message_retention_seconds).toBeGreaterThan(queue.message_retention_seconds);
  });

  test('has the same key', () => {
    expect(deadLetters.kms_master_key_id).toBe(queue.kms_master_key_id);
  });
});

test.each(queues)(
  '$address is encrypted with a key that lets in SQS, for this account alone',
  ({ kms_master_key_id: key }) => {
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey*']) {
      const request = { by: 'sqs.amazonaws.com', action, on: key, context: { 'aws:SourceAccount': ACCOUNT } };
      expect([action, keyPolicy(graph, key).allows(request)]).toEqual([action, true]);
      expect(keyPolicy(graph, key).alsoAllows(request, { context: { 'aws:SourceAccount': '999999999999' } })).toEqual(
        [],
      );
    }
  },
);

describe.each(graph.all<Mapping>('aws_lambda_event_source_mapping'))(
  '$address',
  ({ event_source_arn, function_name }) => {
    const queue = graph.at<Queue>('aws_sqs_queue', event_source_arn);
    const lambda = graph.at<LambdaFunction>('aws_lambda_function', function_name);

    test('its queue hides a message for six times as long as its function may run', () => {
      expect(queue.visibility_timeout_seconds).toBeGreaterThanOrEqual(6 * lambda.timeout);
    });

    test('its function knows both queues, and after how many receives the first gives up', () => {
      const { deadLetters, maxReceiveCount } = redrives.find((redrive) => redrive.queue === queue)!;
      expect(lambda.environment.variables).toMatchObject({
        MAX_RECEIVE_COUNT: String(maxReceiveCount),
        PAYMENT_QUEUE_URL: queue.url,
        PAYMENT_DLQ_URL: deadLetters.url,
      });
    });
  },
);
