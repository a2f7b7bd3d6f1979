import { TerraformOutput, TerraformStack } from 'cdktf';
import type { DeployedSettings } from '../contract/deployed-settings';
import { STATUS_INDEX } from '../contract/payment-record';
import type { Network } from './network/network';
import type { PaymentPipeline } from './payment-pipeline';

type Output = readonly [value: unknown, description: string, sensitive?: 'sensitive'];
type Outputs = Record<string, Output>;

/**
 * Adds the pipeline's Terraform outputs for operators and integration tests. Their names begin with the pipeline's path in the stack. Queue URLs and
 * the names of the payment table and its index are sensitive.
 */
export function exportOutputs(pipeline: PaymentPipeline): void {
  const outputs: Outputs = {
    ...networkOutputs(pipeline),
    ...endpointOutputs(pipeline),
    ...keyOutputs(pipeline),
    ...auditOutputs(pipeline),
    ...queueOutputs(pipeline),
    ...functionOutputs(pipeline),
    ...outcomeOutputs(pipeline),
    ...tableOutputs(pipeline),
    ...monitoringOutputs(pipeline),
    ...roleOutputs(pipeline),
    ...settingsOutput(pipeline),
  };
  const prefix = pathInStack(pipeline);
  for (const [id, [value, description, sensitive]] of Object.entries(outputs)) {
    const secrecy = sensitive && { sensitive: true };
    new TerraformOutput(pipeline, `${prefix}_${id}`, { value, description, ...secrecy, staticId: true });
  }
}

/** Returns the ids of the pipeline and its parents below the stack, with every character that Terraform names don't allow replaced. */
function pathInStack({ node }: PaymentPipeline): string {
  const ids = node.scopes
    .slice(node.scopes.findIndex((scope) => TerraformStack.isStack(scope)) + 1)
    .map((scope) => scope.node.id);
  return ids.join('_').replace(/[^\w-]|^(?=[^A-Za-z_])/g, '_');
}

function networkOutputs({ network }: PaymentPipeline): Outputs {
  const { endpointSecurityGroupId, functionSecurityGroup, flowLogs } = network;
  return {
    vpc_id: [network.vpcId, 'ID of the VPC without internet access that everything with an address is in.'],
    ...subnetOutputs(network),
    function_security_group_id: [
      functionSecurityGroup.id,
      'ID of the security group of the functions: HTTPS within the VPC and to DynamoDB, nothing inbound.',
    ],
    endpoint_security_group_id: [
      endpointSecurityGroupId,
      'ID of the security group of the interface endpoints: HTTPS from the VPC.',
    ],
    ...(flowLogs && {
      flow_log_to_bucket_id: [flowLogs.toBucket.id, 'ID of the flow log that keeps all traffic in the audit bucket.'],
      flow_log_to_log_group_id: [
        flowLogs.toLogGroup.id,
        'ID of the flow log that shows all traffic in CloudWatch Logs.',
      ],
      flow_log_group_name: [flowLogs.logGroup.name, 'Name of the log group that takes the flow logs.'],
    }),
  };
}

function subnetOutputs({ ownVpc, subnetIds }: Network): Outputs {
  if (ownVpc === undefined)
    return { subnet_ids: [subnetIds, 'IDs of the subnets in which the functions and endpoints have addresses.'] };
  const subnets = ownVpc.subnets.flatMap((subnet, index): [string, Output][] => {
    const id = `private_subnet_${index + 1}`;
    return [
      [
        `${id}_id`,
        [subnet.id, `ID of private subnet ${index + 1}, in which the functions and endpoints have addresses.`],
      ],
      [
        `${id}_availability_zone`,
        [subnet.availabilityZone, `Availability zone of private subnet ${index + 1}; no two are in one.`],
      ],
    ];
  });
  return {
    ...Object.fromEntries(subnets),
    route_table_id: [ownVpc.routeTable.id, 'ID of the one route table, with local routes and the way to DynamoDB.'],
  };
}

function endpointOutputs({ network: { dynamodbEndpoint, interfaceEndpoints } }: PaymentPipeline): Outputs {
  const interfaces = [...interfaceEndpoints].flatMap(([service, endpoint]): [string, Output][] => [
    [`${service}_endpoint_id`, [endpoint.id, `ID of the interface endpoint for the service ${service}.`]],
    [
      `${service}_endpoint_dns_name`,
      [endpoint.dnsEntry.get(0).dnsName, `DNS name of the interface endpoint for the service ${service}.`],
    ],
  ]);
  return {
    ...(dynamodbEndpoint &&
      !interfaceEndpoints.has('dynamodb') && {
        dynamodb_endpoint_id: [dynamodbEndpoint.id, 'ID of the gateway endpoint for DynamoDB.'],
        dynamodb_endpoint_prefix_list_id: [
          dynamodbEndpoint.prefixListId,
          "ID of DynamoDB's prefix list: a gateway endpoint has routes to it rather than a DNS name.",
        ],
      }),
    ...Object.fromEntries(interfaces),
  };
}

function keyOutputs({ encryption }: PaymentPipeline): Outputs {
  const keys = [
    ['s3', encryption.s3Key, encryption.s3KeyAlias, 'the audit bucket and the trail'],
    ['sqs', encryption.sqsKey, encryption.sqsKeyAlias, 'the queues and the alert topic'],
    ['dynamodb', encryption.dynamodbKey, encryption.dynamodbKeyAlias, 'the payment table and the log groups'],
  ] as const;
  return Object.fromEntries(
    keys.flatMap(([id, key, alias, what]): [string, Output][] => [
      [`${id}_key_id`, [key.keyId, `ID of the key that encrypts ${what}.`]],
      [`${id}_key_arn`, [key.arn, `ARN of the key that encrypts ${what}.`]],
      [`${id}_key_alias`, [alias.name, `Alias of the key that encrypts ${what}.`]],
    ]),
  );
}

function auditOutputs({ audit }: PaymentPipeline): Outputs {
  return {
    audit_bucket_name: [audit.bucket.bucket, 'Name of the bucket that keeps the flow logs and the trail.'],
    audit_bucket_arn: [audit.bucket.arn, 'ARN of the bucket that keeps the flow logs and the trail.'],
    trail_arn: [audit.trail.arn, 'ARN of the trail of all management events, in all regions.'],
    trail_log_group_name: [
      audit.trailLogGroup.name,
      "Name of the log group that shows the trail's events as they happen.",
    ],
  };
}

function queueOutputs({ paymentQueue, deadLetterQueue }: PaymentPipeline): Outputs {
  return {
    payment_queue_url: [paymentQueue.url, 'URL of the queue that payments are sent to.', 'sensitive'],
    payment_queue_arn: [paymentQueue.arn, 'ARN of the queue that payments are sent to.'],
    dead_letter_queue_url: [
      deadLetterQueue.url,
      'URL of the queue that keeps what could not be processed.',
      'sensitive',
    ],
    dead_letter_queue_arn: [deadLetterQueue.arn, 'ARN of the queue that keeps what could not be processed.'],
  };
}

function outcomeOutputs({ outcomeTopic }: PaymentPipeline): Outputs {
  if (outcomeTopic === undefined) return {};
  return {
    outcome_topic_arn: [outcomeTopic.arn, 'ARN of the FIFO topic that takes the outcome of every payment.'],
    outcome_topic_name: [outcomeTopic.name, 'Name of the FIFO topic that takes the outcome of every payment.'],
  };
}

function functionOutputs(pipeline: PaymentPipeline): Outputs {
  const functions = [
    [
      'payment_processor',
      pipeline.paymentProcessor,
      pipeline.paymentProcessorLogGroup,
      'the function that decides payments',
    ],
    ['dlq_processor', pipeline.dlqProcessor, pipeline.dlqProcessorLogGroup, 'the function that examines what failed'],
  ] as const;
  return {
    ...Object.fromEntries(
      functions.flatMap(([id, lambda, logGroup, what]): [string, Output][] => [
        [`${id}_name`, [lambda.functionName, `Name of ${what}.`]],
        [`${id}_arn`, [lambda.arn, `ARN of ${what}.`]],
        [`${id}_log_group_name`, [logGroup.name, `Name of the log group of ${what}.`]],
        [`${id}_log_group_arn`, [logGroup.arn, `ARN of the log group of ${what}.`]],
      ]),
    ),
    event_source_id: [pipeline.eventSource.uuid, 'ID of the mapping that feeds the payment processor from the queue.'],
    review_rule_arn: [
      pipeline.reviewRule.arn,
      'ARN of the EventBridge rule that has the age of the oldest payment in review measured.',
    ],
    release_id: [
      pipeline.release.id.result,
      'Identifies the code of both functions; every payment record names the one that wrote it.',
    ],
  };
}

function tableOutputs({ paymentTable }: PaymentPipeline): Outputs {
  return {
    payment_table_name: [paymentTable.name, 'Name of the table with one item per payment.', 'sensitive'],
    payment_table_arn: [paymentTable.arn, 'ARN of the table with one item per payment.', 'sensitive'],
    status_index_name: [STATUS_INDEX, 'Name of the index that finds payments by status and time.', 'sensitive'],
  };
}

function monitoringOutputs({ alarms, compositeAlarms, dashboard, alerting, keyChangeRule }: PaymentPipeline): Outputs {
  const { keyChanges } = alerting;
  return {
    ...Object.fromEntries(
      [...alarms, ...compositeAlarms].flatMap((alarm): [string, Output][] => {
        const { id } = alarm.node;
        const what = id.replace(/^alarm_/, '').replaceAll('_', ' ');
        return [
          [`${id}_name`, [alarm.alarmName, `Name of the alarm on ${what}; its own description says what to do first.`]],
          [`${id}_arn`, [alarm.arn, `ARN of the alarm on ${what}, as the alert topic's policy names it.`]],
        ];
      }),
    ),
    dashboard_name: [
      dashboard.dashboardName,
      'Name of the dashboard that shows alarms, payments, queues, functions and table.',
    ],
    alert_topic_arn: [alerting.topic.arn, 'ARN of the topic that every alarm publishes to.'],
    alert_subscription_arn: [
      alerting.subscription.arn,
      'ARN of the email subscription of the alert topic; pending until its receiver has confirmed it.',
    ],
    key_change_rule_arn: [keyChangeRule.arn, 'ARN of the EventBridge rule on changes of the three keys.'],
    key_change_topic_arn: [keyChanges.topic.arn, 'ARN of the topic that takes these changes, without any of the keys.'],
    key_change_subscription_arn: [
      keyChanges.subscription.arn,
      'ARN of the email subscription of that topic; pending until its receiver has confirmed it.',
    ],
  };
}

function roleOutputs(pipeline: PaymentPipeline): Outputs {
  const { audit, network, alerting } = pipeline;
  const roles = [
    ['payment_processor', pipeline.paymentProcessorRole, 'the payment processor runs with'],
    ['dlq_processor', pipeline.dlqProcessorRole, 'the DLQ processor runs with'],
    ...(network.flowLogs === undefined
      ? []
      : [['flow_logs', network.flowLogs.role, 'flow logs are written to CloudWatch Logs with'] as const]),
    ['trail', audit.trailRole, "the trail's events are written to CloudWatch Logs with"],
    ['delivery_status', alerting.deliveryStatusRole, 'SNS logs deliveries with'],
  ] as const;
  return Object.fromEntries(
    roles.flatMap(([id, role, what]): [string, Output][] => [
      [`${id}_role_name`, [role.name, `Name of the role that ${what}.`]],
      [`${id}_role_arn`, [role.arn, `ARN of the role that ${what}.`]],
    ]),
  );
}

function settingsOutput(pipeline: PaymentPipeline): Outputs {
  const { paymentQueue, deadLetterQueue, eventSource, paymentProcessor, paymentTable, audit, network } = pipeline;
  const { paymentProcessorLogGroup, dlqProcessorLogGroup } = pipeline;
  const logGroups = [paymentProcessorLogGroup, dlqProcessorLogGroup, audit.trailLogGroup, network.flowLogs?.logGroup];
  const { mode, days } = audit.objectLock?.rule.defaultRetention ?? {};
  const settings: Record<keyof DeployedSettings, unknown> = {
    visibility_timeout_seconds: paymentQueue.visibilityTimeoutSeconds,
    dead_letter_retention_seconds: deadLetterQueue.messageRetentionSeconds,
    max_concurrency: eventSource.scalingConfig.maximumConcurrency,
    reserved_concurrency: paymentProcessor.reservedConcurrentExecutions,
    deletion_protection: paymentTable.deletionProtectionEnabled,
    data_events: audit.dataEvents.length === 0 ? undefined : audit.dataEvents,
    audit_lock: audit.objectLock && { mode, days },
    log_groups: logGroups.flatMap((group) => group && [{ name: group.name, retention_days: group.retentionInDays }]),
  };
  return { settings: [settings, "The settings that the operator's tool compares with those in AWS (verify)."] };
}
