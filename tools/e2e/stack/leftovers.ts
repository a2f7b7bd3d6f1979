import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { type AlarmType, DescribeAlarmsCommand, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeFlowLogsCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  type DescribeVpcEndpointsCommandOutput,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, ListAliasesCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListSubscriptionsCommand, ListTopicsCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import type { Clients } from '../support/clients';

type Names = readonly (string | undefined)[] | undefined;

/** Resources that every AWS account has, and the emulator's stand-in for AWS managed keys. */
const OF_THE_ACCOUNT = /^(alias\/aws\/|default$|Default key$)/;

const LISTS: Readonly<Record<string, (aws: Clients) => Promise<Names>>> = {
  queues: async ({ sqs }) => (await sqs.send(new ListQueuesCommand({}))).QueueUrls,
  tables: async ({ dynamodb }) => (await dynamodb.send(new ListTablesCommand({}))).TableNames,
  functions: async ({ lambda }) =>
    (await lambda.send(new ListFunctionsCommand({}))).Functions?.map(({ FunctionName }) => FunctionName),
  mappings: async ({ lambda }) =>
    (await lambda.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings?.map(({ UUID }) => UUID),
  roles: async ({ iam }) => (await iam.send(new ListRolesCommand({}))).Roles?.map(({ RoleName }) => RoleName),
  users: async ({ iam }) => (await iam.send(new ListUsersCommand({}))).Users?.map(({ UserName }) => UserName),
  aliases: async ({ kms }) => (await kms.send(new ListAliasesCommand({}))).Aliases?.map(({ AliasName }) => AliasName),
  buckets: async ({ s3 }) => (await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name),
  topics: async ({ sns }) => (await sns.send(new ListTopicsCommand({}))).Topics?.map(({ TopicArn }) => TopicArn),
  subscriptions: async ({ sns }) =>
    (await sns.send(new ListSubscriptionsCommand({}))).Subscriptions?.map(({ SubscriptionArn }) => SubscriptionArn),
  trails: async ({ cloudtrail }) =>
    (await cloudtrail.send(new DescribeTrailsCommand({}))).trailList?.map(({ Name }) => Name),
  'log groups': async ({ logs }) =>
    (await logs.send(new DescribeLogGroupsCommand({}))).logGroups?.map(({ logGroupName }) => logGroupName),
  alarms: async ({ cloudwatch }) => {
    const AlarmTypes: AlarmType[] = ['MetricAlarm', 'CompositeAlarm'];
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmTypes }),
    );
    return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName);
  },
  'event rules': async ({ eventbridge }) =>
    (await eventbridge.send(new ListRulesCommand({}))).Rules?.map(({ Name }) => Name),
  dashboards: async ({ cloudwatch }) =>
    (await cloudwatch.send(new ListDashboardsCommand({}))).DashboardEntries?.map(({ DashboardName }) => DashboardName),
  'flow logs': async ({ ec2 }) =>
    (await ec2.send(new DescribeFlowLogsCommand({}))).FlowLogs?.map(({ FlowLogId }) => FlowLogId),
  endpoints: async ({ ec2 }) => endpointsIn(await ec2.send(new DescribeVpcEndpointsCommand({}))),
  'security groups': async ({ ec2 }) =>
    (await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups?.map(({ GroupName }) => GroupName),
  VPCs: async ({ ec2 }) =>
    (await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.map(({ IsDefault, VpcId }) => (IsDefault ? 'default' : VpcId)),
};

export interface Leftovers {
  /** Resources that still exist and should not. */
  readonly left: readonly string[];
  /** AWS deletes a key after a time of grace only. */
  readonly pendingKeys: readonly string[];
  readonly lists: number;
}

export async function leftovers(aws: Clients): Promise<Leftovers> {
  const left: string[] = [];
  for (const [what, list] of Object.entries(LISTS)) {
    const names = ((await list(aws)) ?? []).filter((name) => !OF_THE_ACCOUNT.test(name ?? ''));
    if (names.length > 0) left.push(`${what}: ${names.join(', ')}`);
  }
  const keys = await customerKeys(aws);
  const isPending = ({ state }: (typeof keys)[number]) => state === 'PendingDeletion';
  const pendingKeys = keys.filter(isPending).map(({ description }) => description);
  left.push(...keys.filter((key) => !isPending(key)).map(({ description, state }) => `key: ${description} (${state})`));
  return { left, pendingKeys, lists: Object.keys(LISTS).length + 1 };
}

/** One that is deleted may be listed for a while. */
function endpointsIn({ VpcEndpoints = [] }: DescribeVpcEndpointsCommandOutput): Names {
  return VpcEndpoints.filter(({ State }) => String(State).toLowerCase() !== 'deleted').map(
    ({ VpcEndpointId }) => VpcEndpointId,
  );
}

async function customerKeys({ kms }: Clients) {
  const { Keys = [] } = await kms.send(new ListKeysCommand({}));
  const described = await Promise.all(Keys.map(({ KeyId }) => kms.send(new DescribeKeyCommand({ KeyId }))));
  return described
    .filter(
      ({ KeyMetadata }) => KeyMetadata?.KeyManager !== 'AWS' && !OF_THE_ACCOUNT.test(KeyMetadata?.Description ?? ''),
    )
    .map(({ KeyMetadata }) => ({ description: KeyMetadata?.Description ?? '', state: KeyMetadata?.KeyState ?? '' }));
}
