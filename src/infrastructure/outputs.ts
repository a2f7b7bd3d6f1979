import { TerraformOutput, TerraformStack } from 'cdktf';
import { STATUS_INDEX } from '../contract/payment-record';
import type { PaymentPipeline } from './payment-pipeline';

interface Output {
  readonly value: unknown;
  readonly description: string;
  readonly sensitive?: boolean;
}

type Outputs = Record<string, Output>;

/**
 * Makes an output of everything that a person or a test outside asks for, each named `<pipeline's id>_<what>` (with its path where it is nested). Queue
 * URLs and what says where payments are stored are sensitive.
 */
export function exportOutputs(pipeline: PaymentPipeline): void {
  const outputs: Outputs = {
    ...networkOutputs(pipeline),
    ...endpointOutputs(pipeline),
    ...keyOutputs(pipeline),
    ...auditOutputs(pipeline),
    ...queueOutputs(pipeline),
    ...functionOutputs(pipeline),
    ...tableOutputs(pipeline),
    ...monitoringOutputs(pipeline),
    ...roleOutputs(pipeline),
  };
  const prefix = pathInStack(pipeline);
  for (const [id, output] of Object.entries(outputs)) {
    new TerraformOutput(pipeline, `${prefix}_${id}`, { ...output, staticId: true });
  }
}

/** What tells the pipelines of a stack apart, as Terraform takes it in a name. */
function pathInStack({ node }: PaymentPipeline): string {
  const ids = node.scopes
    .slice(node.scopes.findIndex((scope) => TerraformStack.isStack(scope)) + 1)
    .map((scope) => scope.node.id);
  return ids.join('_').replace(/[^\w-]|^(?=[^A-Za-z_])/g, '_');
}

function networkOutputs({ network }: PaymentPipeline): Outputs {
  const subnets = network.subnets.flatMap((subnet, index): [string, Output][] => {
    const id = `private_subnet_${index + 1}`;
    return [
      [
        `${id}_id`,
        {
          value: subnet.id,
          description: `ID of private subnet ${index + 1}, in which the functions and endpoints have addresses.`,
        },
      ],
      [
        `${id}_availability_zone`,
        {
          value: subnet.availabilityZone,
          description: `Availability zone of private subnet ${index + 1}; no two are in one.`,
        },
      ],
    ];
  });
  return {
    vpc_id: {
      value: network.vpc.id,
      description: 'ID of the VPC without internet access that everything with an address is in.',
    },
    ...Object.fromEntries(subnets),
    route_table_id: {
      value: network.routeTable.id,
      description: 'ID of the one route table, with local routes and the way to DynamoDB.',
    },
    function_security_group_id: {
      value: network.functionSecurityGroup.id,
      description: 'ID of the security group of the functions: HTTPS within the VPC and to DynamoDB, nothing inbound.',
    },
    endpoint_security_group_id: {
      value: network.endpointSecurityGroup.id,
      description: 'ID of the security group of the interface endpoints: HTTPS from the VPC.',
    },
    flow_log_to_bucket_id: {
      value: network.flowLogs.toBucket.id,
      description: 'ID of the flow log that keeps all traffic in the audit bucket.',
    },
    flow_log_to_log_group_id: {
      value: network.flowLogs.toLogGroup.id,
      description: 'ID of the flow log that shows all traffic in CloudWatch Logs.',
    },
    flow_log_group_name: {
      value: network.flowLogs.logGroup.name,
      description: 'Name of the log group that takes the flow logs.',
    },
  };
}

function endpointOutputs({ network }: PaymentPipeline): Outputs {
  const { dynamodbEndpoint } = network;
  const interfaces = (['sqs', 'lambda', 'logs', 'sns'] as const).flatMap((service): [string, Output][] => {
    const endpoint = network.interfaceEndpoint(service);
    return [
      [
        `${service}_endpoint_id`,
        { value: endpoint.id, description: `ID of the interface endpoint for the service ${service}.` },
      ],
      [
        `${service}_endpoint_dns_name`,
        {
          value: endpoint.dnsEntry.get(0).dnsName,
          description: `DNS name of the interface endpoint for the service ${service}.`,
        },
      ],
    ];
  });
  return {
    dynamodb_endpoint_id: { value: dynamodbEndpoint.id, description: 'ID of the gateway endpoint for DynamoDB.' },
    dynamodb_endpoint_prefix_list_id: {
      value: dynamodbEndpoint.prefixListId,
      description: "ID of DynamoDB's prefix list: a gateway endpoint has routes to it rather than a DNS name.",
    },
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
      [`${id}_key_id`, { value: key.keyId, description: `ID of the key that encrypts ${what}.` }],
      [`${id}_key_arn`, { value: key.arn, description: `ARN of the key that encrypts ${what}.` }],
      [`${id}_key_alias`, { value: alias.name, description: `Alias of the key that encrypts ${what}.` }],
    ]),
  );
}

function auditOutputs({ audit }: PaymentPipeline): Outputs {
  return {
    audit_bucket_name: {
      value: audit.bucket.bucket,
      description: 'Name of the bucket that keeps the flow logs and the trail.',
    },
    audit_bucket_arn: {
      value: audit.bucket.arn,
      description: 'ARN of the bucket that keeps the flow logs and the trail.',
    },
    trail_arn: { value: audit.trail.arn, description: 'ARN of the trail of all management events, in all regions.' },
    trail_log_group_name: {
      value: audit.trailLogGroup.name,
      description: "Name of the log group that shows the trail's events as they happen.",
    },
  };
}

function queueOutputs({ paymentQueue, deadLetterQueue }: PaymentPipeline): Outputs {
  return {
    payment_queue_url: {
      value: paymentQueue.url,
      description: 'URL of the queue that payments are sent to.',
      sensitive: true,
    },
    payment_queue_arn: { value: paymentQueue.arn, description: 'ARN of the queue that payments are sent to.' },
    dead_letter_queue_url: {
      value: deadLetterQueue.url,
      description: 'URL of the queue that keeps what could not be processed.',
      sensitive: true,
    },
    dead_letter_queue_arn: {
      value: deadLetterQueue.arn,
      description: 'ARN of the queue that keeps what could not be processed.',
    },
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
        [`${id}_name`, { value: lambda.functionName, description: `Name of ${what}.` }],
        [`${id}_arn`, { value: lambda.arn, description: `ARN of ${what}.` }],
        [`${id}_log_group_name`, { value: logGroup.name, description: `Name of the log group of ${what}.` }],
        [`${id}_log_group_arn`, { value: logGroup.arn, description: `ARN of the log group of ${what}.` }],
      ]),
    ),
    event_source_id: {
      value: pipeline.eventSource.uuid,
      description: 'ID of the mapping that feeds the payment processor from the queue.',
    },
    release_id: {
      value: pipeline.release.id.result,
      description: 'Identifies the code of both functions; every payment record names the one that wrote it.',
    },
  };
}

function tableOutputs({ paymentTable }: PaymentPipeline): Outputs {
  return {
    payment_table_name: {
      value: paymentTable.name,
      description: 'Name of the table with one item per payment.',
      sensitive: true,
    },
    payment_table_arn: {
      value: paymentTable.arn,
      description: 'ARN of the table with one item per payment.',
      sensitive: true,
    },
    status_index_name: {
      value: STATUS_INDEX,
      description: 'Name of the index that finds payments by status and time.',
      sensitive: true,
    },
  };
}

function monitoringOutputs({ alarms, dashboard, alerting }: PaymentPipeline): Outputs {
  return {
    ...Object.fromEntries(
      alarms.flatMap((alarm): [string, Output][] => {
        const { id } = alarm.node;
        const what = id.replace(/^alarm_/, '').replaceAll('_', ' ');
        return [
          [
            `${id}_name`,
            {
              value: alarm.alarmName,
              description: `Name of the alarm on ${what}; its own description says what to do first.`,
            },
          ],
          [
            `${id}_arn`,
            { value: alarm.arn, description: `ARN of the alarm on ${what}, as the alert topic's policy names it.` },
          ],
        ];
      }),
    ),
    dashboard_name: {
      value: dashboard.dashboardName,
      description: 'Name of the dashboard that shows alarms, payments, queues, functions and table.',
    },
    alert_topic_arn: { value: alerting.topic.arn, description: 'ARN of the topic that every alarm publishes to.' },
    alert_subscription_arn: {
      value: alerting.subscription.arn,
      description: 'ARN of the email subscription of the alert topic; pending until its receiver has confirmed it.',
    },
  };
}

function roleOutputs(pipeline: PaymentPipeline): Outputs {
  const { audit, network, alerting } = pipeline;
  const roles = [
    ['payment_processor', pipeline.paymentProcessorRole, 'the payment processor runs with'],
    ['dlq_processor', pipeline.dlqProcessorRole, 'the DLQ processor runs with'],
    ['flow_logs', network.flowLogs.role, 'flow logs are written to CloudWatch Logs with'],
    ['trail', audit.trailRole, "the trail's events are written to CloudWatch Logs with"],
    ['delivery_status', alerting.deliveryStatusRole, 'SNS logs deliveries with'],
  ] as const;
  return Object.fromEntries(
    roles.flatMap(([id, role, what]): [string, Output][] => [
      [`${id}_role_name`, { value: role.name, description: `Name of the role that ${what}.` }],
      [`${id}_role_arn`, { value: role.arn, description: `ARN of the role that ${what}.` }],
    ]),
  );
}
