import type { AccessRequest } from './iam-policy';
import { arn, globalArn, REGION, type Resource, type StackGraph } from './stack-graph';

/** The AWS API calls that Terraform makes for one resource. */
export interface Calls {
  readonly read: readonly AccessRequest[];
  /** Calls that create, change and delete the resource. */
  readonly write: readonly AccessRequest[];
}

type Attributes = Resource & Readonly<Record<string, string>> & { readonly tags?: { readonly Name: string } };

const ZONE = 'arn:aws:route53:::hostedzone/Z1';
const IN_VPC = { 'route53:VPCs': `VPCId=vpc-1,VPCRegion=${REGION}` };

/** The calls, by resource type, that the AWS provider 5.100.0 made while the end-to-end test applied, planned and destroyed its stack. Spaces separate actions. */
const SEEN: Readonly<Record<string, (its: Attributes, graph: StackGraph) => Calls>> = {
  aws_cloudtrail: (its) =>
    calls(
      'cloudtrail',
      its.arn,
      'GetTrailStatus ListTags',
      'CreateTrail PutEventSelectors StartLogging UpdateTrail DeleteTrail',
      [{ action: 'cloudtrail:DescribeTrails', on: '*' }],
    ),
  // Not in the stack of the end-to-end test: these are the calls that AWS documents. It takes the first and the third only for all alarms:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html, API_DescribeAlarms.html
  aws_cloudwatch_composite_alarm: (its) => ({
    read: [...needs('cloudwatch', '*', 'DescribeAlarms'), ...needs('cloudwatch', its.arn, 'ListTagsForResource')],
    write: [
      ...needs('cloudwatch', '*', 'PutCompositeAlarm'),
      ...needs('cloudwatch', its.arn, 'TagResource DeleteAlarms'),
    ],
  }),
  aws_cloudwatch_dashboard: (its) =>
    calls(
      'cloudwatch',
      globalArn('cloudwatch', `dashboard/${its.dashboard_name}`),
      'GetDashboard',
      'PutDashboard DeleteDashboards',
    ),
  aws_cloudwatch_event_rule: (its) =>
    calls('events', its.arn, 'DescribeRule ListTagsForResource', 'PutRule TagResource DeleteRule'),
  aws_cloudwatch_event_target: (its) =>
    calls('events', arn('events', `rule/${its.rule}`), 'ListTargetsByRule', 'PutTargets RemoveTargets'),
  aws_cloudwatch_log_group: (its) =>
    calls('logs', its.arn, 'ListTagsForResource', 'CreateLogGroup PutRetentionPolicy TagResource DeleteLogGroup', [
      { action: 'logs:DescribeLogGroups', on: '*' },
    ]),
  aws_cloudwatch_log_metric_filter: (its) =>
    calls(
      'logs',
      arn('logs', `log-group:${its.log_group_name}:log-stream:`),
      'DescribeMetricFilters',
      'PutMetricFilter DeleteMetricFilter',
    ),
  aws_cloudwatch_metric_alarm: (its) =>
    calls('cloudwatch', its.arn, 'DescribeAlarms ListTagsForResource', 'PutMetricAlarm TagResource DeleteAlarms'),
  aws_default_security_group: (its) => {
    const { read, write } = network(
      its,
      'security-group/sg-1',
      'SecurityGroups',
      '',
      'RevokeSecurityGroupIngress RevokeSecurityGroupEgress',
    );
    const naming = needs('ec2', arn('ec2', 'security-group/sg-1'), 'CreateTags', {
      'aws:RequestTag/Name': its.tags!.Name,
    });
    return { read, write: [...naming, ...write] };
  },
  // Policies of the table and the queue are not in the stack of the end-to-end test: these are the calls in the provider's source.
  aws_dynamodb_resource_policy: (its) =>
    calls('dynamodb', its.resource_arn!, 'GetResourcePolicy', 'PutResourcePolicy DeleteResourcePolicy'),
  aws_dynamodb_table: (its) =>
    calls(
      'dynamodb',
      its.arn,
      'DescribeContinuousBackups DescribeTable DescribeTimeToLive ListTagsOfResource',
      'CreateTable UpdateContinuousBackups UpdateTable TagResource DeleteTable',
    ),
  aws_flow_log: (its) => network(its, 'vpc-flow-log/fl-1', 'FlowLogs', 'CreateFlowLogs', 'DeleteFlowLogs'),
  aws_iam_role: (its) => ({
    read: needs('iam', its.arn, 'GetRole ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies'),
    write: [
      ...needs('iam', its.arn, 'CreateRole', bounded(its)),
      ...needs('iam', its.arn, 'UpdateAssumeRolePolicy TagRole DeleteRole'),
    ],
  }),
  aws_iam_role_policy: (its, graph) => {
    const role = graph.at<Attributes>('aws_iam_role', its.role);
    return {
      read: needs('iam', role.arn, 'GetRolePolicy'),
      write: [...needs('iam', role.arn, 'PutRolePolicy', bounded(role)), ...needs('iam', role.arn, 'DeleteRolePolicy')],
    };
  },
  aws_kms_alias: (its) =>
    calls('kms', arn('kms', its.name!), '', 'CreateAlias DeleteAlias', [{ action: 'kms:ListAliases', on: '*' }]),
  // The key's own policy allows all other writes.
  aws_kms_key: () =>
    calls(
      'kms',
      arn('kms', 'key/1'),
      'DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags',
      'CreateKey TagResource',
    ),
  aws_lambda_event_source_mapping: (its) => ({
    read: needs('lambda', arn('lambda', 'event-source-mapping:1'), 'GetEventSourceMapping ListTags'),
    write: needs(
      'lambda',
      arn('lambda', 'event-source-mapping:1'),
      'CreateEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping',
      { 'lambda:FunctionArn': its.function_name! },
    ),
  }),
  aws_lambda_function: (its) =>
    calls(
      'lambda',
      its.arn,
      'GetFunction GetFunctionCodeSigningConfig ListVersionsByFunction',
      'CreateFunction UpdateFunctionCode UpdateFunctionConfiguration PutFunctionConcurrency DeleteFunction',
      [],
      passing(its.role!, 'lambda.amazonaws.com'),
    ),
  // Not seen yet: these are the calls in the provider's source.
  aws_lambda_permission: (its, graph) => {
    const { arn: called } = graph.only<Attributes>('aws_lambda_function', { function_name: its.function_name! });
    return {
      read: needs('lambda', called, 'GetPolicy'),
      write: needs('lambda', called, 'AddPermission RemovePermission', { 'lambda:Principal': its.principal! }),
    };
  },
  // The zone and its record are not in the stack of the end-to-end test: these are the calls in the provider's source.
  aws_route53_record: (its) => ({
    read: needs('route53', ZONE, 'GetHostedZone ListResourceRecordSets'),
    write: [
      ...needs('route53', ZONE, 'ChangeResourceRecordSets', {
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': its.name!,
        'route53:ChangeResourceRecordSetsRecordTypes': its.type!,
      }),
      ...needs('route53', 'arn:aws:route53:::change/C1', 'GetChange'),
    ],
  }),
  aws_route53_zone: () => ({
    read: needs('route53', ZONE, 'GetHostedZone ListResourceRecordSets ListTagsForResource'),
    write: [
      ...needs('route53', '*', 'CreateHostedZone', IN_VPC),
      ...needs('route53', ZONE, 'AssociateVPCWithHostedZone DisassociateVPCFromHostedZone', IN_VPC),
      ...needs('route53', ZONE, 'ChangeTagsForResource DeleteHostedZone'),
      ...needs('route53', 'arn:aws:route53:::change/C1', 'GetChange'),
    ],
  }),
  aws_route_table: (its) => network(its, 'route-table/rtb-1', 'RouteTables', 'CreateRouteTable', 'DeleteRouteTable'),
  aws_route_table_association: (its, graph) =>
    network(
      graph.at('aws_route_table', its.route_table_id),
      'route-table/rtb-1',
      'RouteTables',
      '',
      'AssociateRouteTable DisassociateRouteTable',
    ),
  aws_s3_bucket: (its) =>
    calls(
      's3',
      its.arn,
      [
        'GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLogging GetBucketObjectLockConfiguration',
        'GetBucketPolicy GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite',
        'GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration ListBucket',
      ].join(' '),
      'CreateBucket PutBucketTagging DeleteBucket',
    ),
  aws_s3_bucket_lifecycle_configuration: (its) =>
    calls('s3', bucket(its), 'GetLifecycleConfiguration', 'PutLifecycleConfiguration'),
  // Not in the stack of the end-to-end test: these are the calls in the provider's source.
  aws_s3_bucket_object_lock_configuration: (its) =>
    calls('s3', bucket(its), 'GetBucketObjectLockConfiguration', 'PutBucketObjectLockConfiguration'),
  aws_s3_bucket_policy: (its) => calls('s3', bucket(its), 'GetBucketPolicy', 'PutBucketPolicy DeleteBucketPolicy'),
  aws_s3_bucket_public_access_block: (its) =>
    calls('s3', bucket(its), 'GetBucketPublicAccessBlock', 'PutBucketPublicAccessBlock'),
  aws_s3_bucket_server_side_encryption_configuration: (its) =>
    calls('s3', bucket(its), 'GetEncryptionConfiguration', 'PutEncryptionConfiguration'),
  aws_s3_bucket_versioning: (its) => calls('s3', bucket(its), 'GetBucketVersioning', 'PutBucketVersioning'),
  aws_security_group: (its) =>
    network(
      its,
      'security-group/sg-1',
      'SecurityGroups',
      'CreateSecurityGroup',
      'RevokeSecurityGroupEgress DeleteSecurityGroup',
    ),
  aws_security_group_rule: (its, graph) =>
    network(
      graph.at('aws_security_group', its.security_group_id),
      'security-group/sg-1',
      'SecurityGroupRules',
      '',
      'AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress RevokeSecurityGroupEgress RevokeSecurityGroupIngress',
    ),
  aws_sns_topic: (its) =>
    calls('sns', its.arn, 'GetTopicAttributes ListTagsForResource', 'CreateTopic SetTopicAttributes DeleteTopic'),
  aws_sns_topic_policy: (its) => calls('sns', its.arn, 'GetTopicAttributes', 'SetTopicAttributes'),
  aws_sns_topic_subscription: (its) => ({
    read: needs('sns', '*', 'GetSubscriptionAttributes'),
    write: [...needs('sns', its.topic_arn!, 'Subscribe'), ...needs('sns', '*', 'Unsubscribe')],
  }),
  aws_sqs_queue: (its) =>
    calls('sqs', its.arn, 'GetQueueAttributes ListQueueTags', 'CreateQueue SetQueueAttributes DeleteQueue'),
  aws_sqs_queue_policy: (its) =>
    calls('sqs', arn('sqs', its.queue_url!.split('/').at(-1)!), 'GetQueueAttributes', 'SetQueueAttributes'),
  aws_sqs_queue_redrive_allow_policy: (its) =>
    calls('sqs', arn('sqs', its.queue_url!.split('/').at(-1)!), 'GetQueueAttributes', 'SetQueueAttributes'),
  aws_subnet: (its) => network(its, 'subnet/subnet-1', 'Subnets NetworkInterfaces', 'CreateSubnet', 'DeleteSubnet'),
  aws_vpc: (its) =>
    network(
      its,
      'vpc/vpc-1',
      'NetworkAcls RouteTables SecurityGroups VpcAttribute Vpcs',
      'CreateVpc',
      'ModifyVpcAttribute DeleteVpc',
    ),
  aws_vpc_endpoint: (its) =>
    network(
      its,
      'vpc-endpoint/vpce-1',
      'PrefixLists VpcEndpoints',
      'CreateVpcEndpoint',
      'ModifyVpcEndpoint DeleteVpcEndpoints',
    ),
};

/** Returns the calls for a resource. Throws for a type that the table doesn't list. */
export function callsFor(resource: Resource, graph: StackGraph): Calls {
  const type = resource.address.split('.')[0]!;
  const seen = SEEN[type];
  if (seen === undefined)
    throw new Error(
      `terraform-calls.ts doesn't list ${type}. Record which calls Terraform makes for it, then add them here and to the deploy roles.`,
    );
  return seen(resource as Attributes, graph);
}

type Context = Readonly<Record<string, string>>;

function calls(
  service: string,
  on: string,
  read: string,
  write: string,
  alsoRead: AccessRequest[] = [],
  alsoWrite: AccessRequest[] = [],
): Calls {
  return {
    read: [...here(needs(service, on, read)), ...here(alsoRead)],
    write: [...here(needs(service, on, write)), ...alsoWrite],
  };
}

function needs(service: string, on: string, actions: string, context: Context = {}): AccessRequest[] {
  return here(words(actions).map((action) => ({ action: `${service}:${action}`, on, context })));
}

function here(requests: readonly AccessRequest[]): AccessRequest[] {
  return requests.map((request) => ({ ...request, context: { 'aws:RequestedRegion': REGION, ...request.context } }));
}

/** Returns the EC2 calls for a resource whose id AWS assigns: creation is limited by the name in the request, later changes by the name tag. */
function network(
  named: { readonly tags?: { readonly Name: string } },
  id: string,
  described: string,
  made: string,
  changed: string,
): Calls {
  const on = arn('ec2', id);
  const name = named.tags!.Name;
  const making = words(made).flatMap((create) => [
    ...needs('ec2', on, create, { 'aws:RequestTag/Name': name }),
    ...needs('ec2', on, 'CreateTags', { 'aws:RequestTag/Name': name, 'ec2:CreateAction': create }),
  ]);
  return {
    read: here(words(described).map((what) => ({ action: `ec2:Describe${what}`, on: '*' }))),
    write: [...making, ...needs('ec2', on, changed, { 'aws:ResourceTag/Name': name })],
  };
}

function bounded({ permissions_boundary }: Attributes): Context {
  return permissions_boundary === undefined ? {} : { 'iam:PermissionsBoundary': permissions_boundary };
}

function passing(role: string, service: string): AccessRequest[] {
  return [{ action: 'iam:PassRole', on: role, context: { 'iam:PassedToService': service } }];
}

const bucket = (its: Attributes): string => `arn:aws:s3:::${its.bucket}`;

/** Splits a list at its spaces. */
const words = (list: string): string[] => (list === '' ? [] : list.split(' '));
