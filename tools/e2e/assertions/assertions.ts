import assert from 'node:assert/strict';
import { type AlarmType, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import {
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeVpcEndpointsCommand,
} from '@aws-sdk/client-ec2';
import { ListTagsOfResourceCommand } from '@aws-sdk/client-dynamodb';
import { ListAttachedRolePoliciesCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { GetEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import type { AskedResource, AskedStack } from './asked-stack';
import { type Assertion, type Deployed, EmulatorGapError } from './assertion';
import { configuration } from '../support/lookups';
import { functions } from './functions';
import { messaging } from './messaging';
import { monitoring } from './monitoring';
import { network, peersOf, routeTable, securityGroup } from './network';
import { Gap, type Reader, recorded, textOf } from './reader';
import { storage } from './storage';

const READERS: Readonly<Record<string, Reader>> = { ...messaging, ...storage, ...functions, ...network, ...monitoring };

/** Arguments that only Terraform uses. AWS does not return them. */
const OF_TERRAFORM = ['deletion_window_in_days', 'depends_on', 'filename', 'force_destroy', 'provider'];

/** One assertion for each argument of each resource in the synthesized stack, and some on what no argument says. */
export function assertionsOf(stack: AskedStack): Assertion[] {
  const resources = stack.resources();
  return [
    ...resources.flatMap(argumentsOf),
    ...resources.flatMap(restOf),
    ...noOthers(resources),
    defaultTags(stack),
    outputs(stack),
  ];
}

function argumentsOf(resource: AskedResource): Assertion[] {
  const { type, id } = resource;
  const read = READERS[type];
  if (read === undefined) return [];
  let answer: Promise<Readonly<Record<string, unknown>>> | undefined;
  return Object.entries(resource.arguments)
    .filter(([argument, value]) => value !== null && value !== '' && !OF_TERRAFORM.includes(argument))
    .map(([argument, value]) => ({
      type,
      what: `${id}.${argument}`,
      check: async (deployed) => {
        answer ??= read(resource, deployed);
        const { [argument]: actual } = await answer;
        if (actual instanceof Gap) throw new EmulatorGapError(actual.reason);
        assert.deepEqual(normalized(actual), normalized(value));
      },
    }));
}

/**
 * Makes two values comparable. AWS returns numbers as texts and lists in any order. In policies it writes a list of one item without
 * brackets, and so does Terraform with a single block.
 */
function normalized(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(normalized).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
    return items.length === 1 ? items[0] : items;
  }
  if (typeof value === 'string' && value.startsWith('{"')) return normalized(JSON.parse(value));
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, normalized(item)]));
}

type Check = (resource: AskedResource, deployed: Deployed) => Promise<void>;

/** Checks that no argument stands for: the state of a resource, and that AWS has nothing else. */
const REST: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  aws_cloudtrail: {
    'is logging': async (resource, { aws }) => {
      const { IsLogging } = await aws.cloudtrail.send(new GetTrailStatusCommand({ Name: textOf(resource, 'name') }));
      assert.equal(IsLogging, true);
    },
  },
  aws_default_security_group: { 'lets nothing in or out': (resource, deployed) => rulesAre(resource, deployed, 0, 0) },
  aws_lambda_event_source_mapping: {
    'is enabled': async (resource, { aws }) => {
      const UUID = recorded(resource, 'uuid');
      assert.equal((await aws.lambda.send(new GetEventSourceMappingCommand({ UUID }))).State, 'Enabled');
    },
  },
  aws_lambda_function: {
    'has no layers and no file systems': async (resource, deployed) => {
      const found = await configuration(deployed, textOf(resource, 'function_name'));
      assert.deepEqual([found.Layers ?? [], found.FileSystemConfigs ?? []], [[], []]);
    },
  },
  aws_iam_role: {
    'has one inline policy, and no other': async (resource, { aws }) => {
      const role = { RoleName: textOf(resource, 'name') };
      const { PolicyNames = [] } = await aws.iam.send(new ListRolePoliciesCommand(role));
      const { AttachedPolicies = [] } = await aws.iam.send(new ListAttachedRolePoliciesCommand(role));
      assert.deepEqual([PolicyNames.length, AttachedPolicies], [1, []]);
    },
  },
  aws_route_table: {
    'leads to the VPC and to the gateway endpoint, and nowhere else': async (resource, deployed) => {
      const { Routes = [] } = await routeTable(deployed, recorded(resource));
      const elsewhere = Routes.filter(({ GatewayId = '' }) => GatewayId !== 'local' && !GatewayId.startsWith('vpce-'));
      assert.deepEqual(elsewhere, []);
    },
  },
  aws_vpc: {
    'has no way to the internet: neither gateway nor NAT': async (resource, { aws }) => {
      const filter = (Name: string) => [{ Name, Values: [recorded(resource)] }];
      const { InternetGateways = [] } = await aws.ec2.send(
        new DescribeInternetGatewaysCommand({ Filters: filter('attachment.vpc-id') }),
      );
      const { NatGateways = [] } = await aws.ec2.send(new DescribeNatGatewaysCommand({ Filter: filter('vpc-id') }));
      assert.deepEqual([InternetGateways, NatGateways], [[], []]);
    },
  },
};

function restOf(resource: AskedResource): Assertion[] {
  return Object.entries(REST[resource.type] ?? {}).map(([what, check]) => ({
    type: resource.type,
    what: `${resource.id} ${what}`,
    check: (deployed) => check(resource, deployed),
  }));
}

/** Checks that the emulator has as many alarms, endpoints and rules as the stack. */
function noOthers(resources: readonly AskedResource[]): Assertion[] {
  const asked = (type: string) => resources.filter((resource) => resource.type === type);
  const count = (type: string, counted: (deployed: Deployed) => Promise<number | undefined>): Assertion => ({
    type,
    what: 'these and no others',
    check: async (deployed) => {
      assert.equal(await counted(deployed), asked(type).length);
    },
  });
  return [
    count('aws_cloudwatch_metric_alarm', async ({ aws }) => {
      return (await aws.cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms?.length;
    }),
    count('aws_cloudwatch_composite_alarm', async ({ aws }) => {
      const AlarmTypes: AlarmType[] = ['CompositeAlarm'];
      return (await aws.cloudwatch.send(new DescribeAlarmsCommand({ AlarmTypes }))).CompositeAlarms?.length;
    }),
    count('aws_vpc_endpoint', async ({ aws }) => {
      return (await aws.ec2.send(new DescribeVpcEndpointsCommand({}))).VpcEndpoints?.length;
    }),
    ...asked('aws_security_group').map((group): Assertion => {
      const rules = asked('aws_security_group_rule').filter(
        (rule) => textOf(rule, 'security_group_id') === recorded(group),
      );
      const of = (type: string) => rules.filter((rule) => textOf(rule, 'type') === type).length;
      return {
        type: 'aws_security_group',
        what: `${group.id} has its rules and no others`,
        check: (deployed) => rulesAre(group, deployed, of('ingress'), of('egress')),
      };
    }),
  ];
}

async function rulesAre(resource: AskedResource, deployed: Deployed, ingress: number, egress: number): Promise<void> {
  const { IpPermissions, IpPermissionsEgress } = await securityGroup(deployed, recorded(resource));
  assert.deepEqual([peersOf(IpPermissions).length, peersOf(IpPermissionsEgress).length], [ingress, egress]);
}

/** The table stands for all resources: the provider adds the same tags to each. */
function defaultTags(stack: AskedStack): Assertion {
  return {
    type: 'aws_dynamodb_table',
    what: 'has the tags of the provider',
    check: async ({ aws, outputs }) => {
      const ResourceArn = String(outputs.payments_payment_table_arn);
      const { Tags = [] } = await aws.dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn }));
      assert.deepEqual(Object.fromEntries(Tags.map(({ Key = '', Value }) => [Key, Value])), stack.defaultTags());
    },
  };
}

function outputs(stack: AskedStack): Assertion {
  return {
    type: 'output',
    what: 'each has the value that it is described by',
    check: (deployed) => {
      const empty = Object.entries(deployed.outputs).filter(([, value]) => value === null || value === '');
      assert.deepEqual(empty, []);
      assert.deepEqual(normalized(deployed.outputs), normalized(stack.outputs(deployed.outputs)));
      return Promise.resolve();
    },
  };
}
