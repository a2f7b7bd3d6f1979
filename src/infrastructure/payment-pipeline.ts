import type { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm';
import type { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import type { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { DynamodbResourcePolicy } from '@cdktf/provider-aws/lib/dynamodb-resource-policy';
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketObjectLockConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import type { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import type { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import type { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Bytes } from '@cdktf/provider-random/lib/bytes';
import { Construct } from 'constructs';
import type { MetricName } from '../contract/metrics';
import type { Alerting } from './alerting';
import type { Audit } from './audit/audit';
import type { Encryption } from './encryption';
import { assertSameCdk } from './same-cdk';
import { createDlqProcessor } from './functions/dlq-processor';
import { createPaymentProcessor } from './functions/payment-processor';
import { createRelease, type Release } from './functions/release';
import { createReviewSchedule } from './functions/review-schedule';
import { Grant, readPayments, sendPayments } from './grants';
import { type Metric, paymentMetric } from './monitoring/metric';
import { createMonitoring } from './monitoring/monitoring';
import { registerNames } from './name-registry';
import { type Names, resourceNames } from './resource-names';
import type { Network } from './network/network';
import { subscribeToOutcomes } from './outcome-subscription';
import { createOutcomeTopic, guardOutcomes } from './outcome-topic';
import { createPaymentTable } from './payment-table';
import { boundRoles } from './policy';
import { PROFILES } from './profile';
import { PROPS } from './prop-definitions';
import { withDefaults } from './prop-table';
import { escapeSettings, type FraudApiSettings, type PaymentPipelineProps, type Settings } from './props';
import { createQueues } from './queues';
import { createShared } from './shared-resources';
import { validate } from './validation';

/**
 * Creates a payment pipeline: a FIFO queue, the function that checks each payment against a fraud API in the order of its account,
 * the table of payment records, and everything that they need. The stack has to have the aws, archive and random providers.
 *
 * @example
 * new PaymentPipeline(this, 'payments', {
 *   fraudApi: FraudApi.url('https://fraud.example.internal/check'),
 *   alertEmail: 'payments-oncall@example.com',
 * });
 */
export class PaymentPipeline extends Construct {
  /** The VPC that the functions run in; another pipeline may share it. */
  readonly network: Network;
  /** The keys; another pipeline may share them. */
  readonly encryption: Encryption;
  /** Audit bucket and trail; another pipeline may share them. */
  readonly audit: Audit;
  /** The topic that alarms publish to; another pipeline may share it. */
  readonly alerting: Alerting;
  /** The EventBridge rule that reports changes of the keys. A pipeline has it in common with one whose keys and topic it shares. */
  readonly keyChangeRule: CloudwatchEventRule;

  /** The queue that payments are sent to. The account is the message group. */
  readonly paymentQueue: SqsQueue;
  /** The dead-letter queue: payments that failed or are parked, and invalid messages. */
  readonly deadLetterQueue: SqsQueue;
  /** The table of payment records. */
  readonly paymentTable: DynamodbTable;

  /** The SNS FIFO topic for outcomes; undefined unless the prop `outcomes` is `'topic'`. */
  readonly outcomeTopic: SnsTopic | undefined;

  /** The function that checks payments and stores their outcome. */
  readonly paymentProcessor: LambdaFunction;
  /** The role that the payment processor runs with. */
  readonly paymentProcessorRole: IamRole;
  /** Log group of the payment processor. */
  readonly paymentProcessorLogGroup: CloudwatchLogGroup;
  /** The event source mapping that delivers payments to the payment processor. */
  readonly eventSource: LambdaEventSourceMapping;
  /** The function that an operator calls to analyze, redrive or discard failed payments, and to decide those in review. */
  readonly dlqProcessor: LambdaFunction;
  /** The role that the DLQ processor runs with. */
  readonly dlqProcessorRole: IamRole;
  /** Log group of the DLQ processor. */
  readonly dlqProcessorLogGroup: CloudwatchLogGroup;
  /** The functions' code: its archives, and the id that every payment record names. */
  readonly release: Release;
  /** The EventBridge rule that has the age of the oldest payment in review measured. */
  readonly reviewRule: CloudwatchEventRule;

  /** Shows alarms, payments, queues, functions and the table. */
  readonly dashboard: CloudwatchDashboard;
  /** Every metric alarm of the pipeline. A pipeline that shares another's `audit` leaves the security alarms to it, except the one on its own evidence. */
  readonly alarms: readonly CloudwatchMetricAlarm[];
  /** The outage alarm, and the alarms that email its consequences. Empty unless the prop `alarms` has `'payments-outage': true`. */
  readonly compositeAlarms: readonly CloudwatchCompositeAlarm[];

  private readonly names: Names;
  private readonly sendGrant: Grant<SqsQueuePolicy>;
  private readonly readGrant: Grant<DynamodbResourcePolicy>;

  /**
   * @throws PaymentPipelinePropsError naming every bad prop at once
   * @throws MissingBundleError when a handler has not been bundled
   * @throws MixedPeersError when the stack is CDK Terrain's and the installed `cdktf` is not, or the other way round
   */
  constructor(scope: Construct, id: string, props: PaymentPipelineProps) {
    super(scope, id);
    assertSameCdk(this);
    const given = withDefaults(PROPS, props) as Settings;
    validate(this, props, given);
    const settings = escapeSettings(given);
    registerNames(this, settings);
    const names = resourceNames(settings);
    const profile = PROFILES[settings.profile];

    const { encryption, audit, network, alerting, keyChangeRule } = createShared(this, { names, profile, settings });
    giveAccess(this, network, settings.fraudApi);

    const queues = createQueues(this, { names, settings, encryption });
    const table = createPaymentTable(this, { names, profile, encryption });

    const release = createRelease(this, settings.fraudApi.adapter);
    // Never replaced: with another key the hashes in older logs match no account.
    const accountHashKey = new Bytes(this, 'account_hash_key', { length: 32 });
    const outcomeTopic = settings.outcomes === 'topic' ? createOutcomeTopic(this, names, encryption) : undefined;
    const inside = { names, settings, encryption, network, queues, table, release, accountHashKey, outcomeTopic };
    const processor = createPaymentProcessor(this, inside);
    const dlqProcessor = createDlqProcessor(this, { ...inside, alerting });
    if (outcomeTopic !== undefined) guardOutcomes(this, outcomeTopic, [processor.role, dlqProcessor.role]);
    this.reviewRule = createReviewSchedule(this, names, dlqProcessor);

    const monitoring = createMonitoring(this, {
      names,
      settings,
      audit,
      network,
      alerting,
      queues,
      table,
      processor,
      dlqProcessor,
      outcomeTopic,
    });
    if (profile.preventDestroy) preventDestroy(this);
    if (settings.permissionsBoundaryArn !== undefined) boundRoles(this, settings.permissionsBoundaryArn);

    this.names = names;
    this.network = network;
    this.encryption = encryption;
    this.audit = audit;
    this.alerting = alerting;
    this.keyChangeRule = keyChangeRule;
    this.paymentQueue = queues.paymentQueue;
    this.deadLetterQueue = queues.deadLetterQueue;
    this.paymentTable = table;
    this.outcomeTopic = outcomeTopic;
    this.paymentProcessor = processor.lambda;
    this.paymentProcessorRole = processor.role;
    this.paymentProcessorLogGroup = processor.logGroup;
    this.eventSource = processor.eventSource;
    this.dlqProcessor = dlqProcessor.lambda;
    this.dlqProcessorRole = dlqProcessor.role;
    this.dlqProcessorLogGroup = dlqProcessor.logGroup;
    this.release = release;
    this.dashboard = monitoring.dashboard;
    this.alarms = monitoring.alarms;
    this.compositeAlarms = monitoring.compositeAlarms;
    this.sendGrant = new Grant(this, sendPayments(queues.paymentQueue, encryption, names.sendPaymentsPolicy));
    this.readGrant = new Grant(this, readPayments(table, encryption, names.readPaymentsPolicy));
  }

  /**
   * Allows a role to send payments to the queue and to use the queue's key: an `IamRole` of this stack or another by a policy of its own, or
   * the ARN of any role by the policies of queue and key. The role of an ARN exists before the pipeline is deployed. One of another AWS account
   * also needs both permissions in its own account.
   * @param role the role, or its ARN
   * @returns the policy, so that a resource can depend on it
   * @throws PaymentPipelinePropsError for a text that is not the ARN of a role
   */
  grantSendPayments(role: IamRole | string): IamRolePolicy | SqsQueuePolicy {
    return this.sendGrant.to(role);
  }

  /**
   * Allows a role to read payment records by id, one or many in a call, and by status, and to use the table's key, as `grantSendPayments` does for
   * the queue. A role of another AWS account names the table by its ARN.
   * @param role the role, or its ARN
   * @returns the policy, so that a resource can depend on it
   * @throws PaymentPipelinePropsError for a text that is not the ARN of a role
   */
  grantReadPayments(role: IamRole | string): IamRolePolicy | DynamodbResourcePolicy {
    return this.readGrant.to(role);
  }

  /**
   * Subscribes an SQS FIFO queue, of this stack or another, to the outcomes, and sets the queue's policy so that the topic may send to it. The queue gets
   * each outcome as the body of a message, with the account as message group.
   * @param options.undelivered an SQS FIFO queue for the outcomes that SNS could not deliver; without it, SNS drops them
   * @throws OutcomeSubscriptionError when the pipeline publishes no outcomes, or a queue can't take them
   */
  grantReadOutcomes(queue: SqsQueue, options: { readonly undelivered?: SqsQueue } = {}): SnsTopicSubscription {
    return subscribeToOutcomes(this, this.outcomeTopic, queue, options.undelivered);
  }

  /** Returns one of the functions' custom metrics, for your own alarm or dashboard. */
  metric(name: MetricName): Metric {
    return paymentMetric(this.names, name);
  }
}

/**
 * Resources that hold payments, logs or the audit trail, the keys that encrypt them or hash their accounts, and what keeps audit objects from
 * being deleted. Replacing one loses what it holds.
 */
const IRREPLACEABLE = [
  SqsQueue,
  DynamodbTable,
  KmsKey,
  S3Bucket,
  S3BucketPolicy,
  S3BucketObjectLockConfigurationA,
  Cloudtrail,
  CloudwatchLogGroup,
  Bytes,
];

/** Lets Terraform refuse to destroy what the pipeline itself created; a shared child follows the profile of its own pipeline. */
function preventDestroy(pipeline: Construct): void {
  for (const element of pipeline.node.findAll()) {
    for (const type of IRREPLACEABLE)
      if (element instanceof type) element.lifecycle = { ...element.lifecycle, preventDestroy: true };
  }
}

/** Adds the endpoints that the function needs to reach the fraud API. */
function giveAccess(
  pipeline: Construct,
  network: Network,
  { url, endpointService, apiKeySecretArn }: FraudApiSettings,
): void {
  if (endpointService) {
    const { name: serviceName, ...zones } = endpointService;
    network.privateLink({ serviceName, url, ...zones }, pipeline);
  }
  if (apiKeySecretArn !== undefined) network.interfaceEndpoint('secretsmanager');
}
