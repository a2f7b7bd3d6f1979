import * as v from 'valibot';
import { readStack, writeStack } from '../../terraform/stack-file';

type Block = Record<string, unknown>;

/** A fault of the stack, and the assertions that have to name it. */
export interface Fault {
  readonly what: string;
  readonly inject: (stack: MutableStack) => void;
  readonly namedBy: readonly string[];
}

const stackFile = v.looseObject({
  resource: v.record(v.string(), v.record(v.string(), v.looseObject({}))),
  data: v.record(v.string(), v.record(v.string(), v.looseObject({}))),
});

export const FAULTS: Readonly<Record<string, Fault>> = {
  'redrive-count': {
    what: 'a payment is received five times, not three, before it is a dead letter',
    inject: (stack) => {
      stack.change('aws_sqs_queue', 'payments_payment_queue', 'redrive_policy', (policy) =>
        String(policy).replace(/= 3\}/, '= 5}'),
      );
    },
    namedBy: ['aws_sqs_queue: payments_payment_queue.redrive_policy'],
  },
  'silent-alarm': {
    what: 'the alarm that emails dead letters notifies no topic',
    inject: (stack) => {
      stack.remove('aws_cloudwatch_composite_alarm', 'payments_alarm_sqs_dlq_messages_email', 'alarm_actions');
    },
    namedBy: ['aws_cloudwatch_composite_alarm: payments_alarm_sqs_dlq_messages_email.alarm_actions'],
  },
  'open-topic': {
    what: 'anybody in the AWS account may publish outcomes',
    inject: (stack) => {
      stack.withoutStatement('payments_outcome_topic_permissions', 'DenyOthers');
    },
    namedBy: ['aws_sns_topic_policy: payments_outcome_topic_policy.policy'],
  },
  'no-key-grant': {
    what: "SQS is not in the policy of the queues' key",
    inject: (stack) => {
      stack.withoutStatement('payments_encryption_sqs_key_policy', 'SQS');
    },
    namedBy: ['aws_kms_key: payments_encryption_sqs_key.policy'],
  },
  'renamed-table-key': {
    what: "the table's key has another name",
    inject: (stack) => {
      const rename = (value: unknown) =>
        JSON.parse(JSON.stringify(value).replaceAll('"transaction_id"', '"payment_id"')) as unknown;
      for (const attribute of ['attribute', 'hash_key'])
        stack.change('aws_dynamodb_table', 'payments_payment_table', attribute, rename);
    },
    namedBy: [
      'aws_dynamodb_table: payments_payment_table.attribute',
      'aws_dynamodb_table: payments_payment_table.hash_key',
    ],
  },
  'whole-batches': {
    what: 'a batch succeeds or fails as a whole',
    inject: (stack) => {
      stack.remove(
        'aws_lambda_event_source_mapping',
        'payments_payment_processor_event_source',
        'function_response_types',
      );
    },
    namedBy: ['aws_lambda_event_source_mapping: payments_payment_processor_event_source.function_response_types'],
  },
};

/** Puts the faults into the synthesized stack. */
export function injectFaults(directory: string, faults: readonly Fault[]): void {
  const stack = new MutableStack(v.parse(stackFile, readStack(directory)));
  for (const { inject } of faults) inject(stack);
  writeStack(directory, stack.json);
}

/** A stack in the form of `cdk.tf.json`. Breaking a resource that it lacks is an error. */
export class MutableStack {
  constructor(readonly json: v.InferOutput<typeof stackFile>) {}

  change(type: string, id: string, attribute: string, change: (value: unknown) => unknown): void {
    const block = found(this.json.resource[type]?.[id], `${type}.${id}`);
    const before = found(block[attribute], `${type}.${id}.${attribute}`);
    const after = change(before);
    if (JSON.stringify(after) === JSON.stringify(before))
      throw new Error(`${type}.${id}.${attribute} is not broken: it stayed as it was.`);
    block[attribute] = after;
  }

  remove(type: string, id: string, attribute: string): void {
    this.change(type, id, attribute, () => undefined);
  }

  withoutStatement(document: string, sid: string): void {
    const block = found(this.json.data.aws_iam_policy_document?.[document], document);
    const statements = block.statement as Block[];
    block.statement = statements.filter((statement) => statement.sid !== sid);
    if ((block.statement as Block[]).length !== statements.length - 1)
      throw new Error(`${document} has no statement ${sid}.`);
  }
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The stack has no ${what}.`);
  return value;
}
