import type { Construct } from 'constructs';
import type { DlqProcessorVariables } from '../../contract/environment';
import { PLATFORM_ACTIONS } from '../../contract/function-calls';
import { STATUS_INDEX } from '../../contract/payment-record';
import type { Alerting } from '../alerting';
import { publishOutcomes } from '../outcome-topic';
import { METRIC_NAMESPACE } from '../resource-names';
import type { Statement } from '../policy';
import { createHandlerFunction, type HandlerFunction } from './handler-function';
import type { PipelineFunctionConfig } from './payment-processor';

/** Seconds for one action on the dead letters. */
export const DLQ_PROCESSOR_TIMEOUT = 120;

const WORK_OFF_DEAD_LETTERS = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ChangeMessageVisibility', // makes messages that it only read visible again
];
const REDRIVE_PAYMENTS = ['sqs:SendMessage'];
const FIND_PAYMENTS = ['dynamodb:Query', 'dynamodb:Scan'];
const CHANGE_PAYMENTS = ['dynamodb:GetItem', 'dynamodb:UpdateItem'];
const ALERT = ['sns:Publish'];

export interface DlqProcessorConfig extends PipelineFunctionConfig {
  readonly alerting: Alerting;
}

/** The function that an operator calls for failed payments and for reviews. A schedule only has it measure. */
export function createDlqProcessor(scope: Construct, config: DlqProcessorConfig): HandlerFunction {
  return createHandlerFunction(scope, 'dlq_processor', {
    ...config,
    names: config.names.dlqProcessor,
    archive: config.release.dlqProcessor,
    timeout: DLQ_PROCESSOR_TIMEOUT,
    environment: { ...dlqProcessorVariables(config) },
    permissions: dlqProcessorPermissions(config),
  });
}

function dlqProcessorVariables({
  names,
  queues,
  table,
  release,
  accountHashKey,
  alerting,
  outcomeTopic,
}: DlqProcessorConfig): DlqProcessorVariables {
  return {
    PAYMENT_TABLE_NAME: table.name,
    PAYMENT_QUEUE_URL: queues.paymentQueue.url,
    PAYMENT_DLQ_URL: queues.deadLetterQueue.url,
    RELEASE_ID: release.id.result,
    POWERTOOLS_SERVICE_NAME: names.dlqProcessor.service,
    POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
    POWERTOOLS_LOG_LEVEL: 'INFO',
    ACCOUNT_HASH_KEY: accountHashKey.hex,
    ALERT_TOPIC_ARN: alerting.topic.arn,
    ...(outcomeTopic && { OUTCOME_TOPIC_ARN: outcomeTopic.arn }),
  };
}

function dlqProcessorPermissions({
  queues,
  table,
  alerting,
  encryption,
  outcomeTopic,
}: DlqProcessorConfig): Statement[] {
  return [
    { sid: 'WorkOffDeadLetters', actions: WORK_OFF_DEAD_LETTERS, resources: [queues.deadLetterQueue.arn] },
    { sid: 'RedrivePayments', actions: REDRIVE_PAYMENTS, resources: [queues.paymentQueue.arn] },
    { sid: 'FindPayments', actions: FIND_PAYMENTS, resources: [table.arn, `${table.arn}/index/${STATUS_INDEX}`] },
    { sid: 'ChangePayments', actions: CHANGE_PAYMENTS, resources: [table.arn] },
    { sid: 'Alert', actions: ALERT, resources: [alerting.topic.arn] },
    ...publishOutcomes(outcomeTopic),
    ...(alerting.topicKey === encryption.sqsKey
      ? []
      : [{ sid: 'EncryptAlerts', actions: PLATFORM_ACTIONS.useKeys, resources: [alerting.topicKey.arn] }]),
  ];
}
