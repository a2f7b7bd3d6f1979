import assert from 'node:assert/strict';
import { ALARMS, alarmName, alarms } from './alarms';
import { subscriptions, topicArn } from './alerting';
import { only, type Assertion, type Deployed } from './assertion';
import { bucketArn, bucketName } from './audit-bucket';
import { configuration, mapping } from './functions';
import { aliasOf, keyArn, keyId, type KeyName, KEYS } from './keys';
import { logGroup } from './logs';
import * as names from './names';
import { flowLog, routeTable } from './network';
import { endpoint, endpointSecurityGroup, functionSecurityGroup, subnets, vpc } from './network-lookups';
import { attributesOf, queueUrl } from './queues';
import { roleArn, type RoleName, roleName } from './roles';
import { describeTable } from './table';
import { trail } from './trail';

type Values = Record<string, unknown>;
type Reality = (deployed: Deployed) => Promise<Values>;

const ofAlarms: Reality = async (deployed) => {
  const found = await alarms(deployed);
  return Object.assign(
    {},
    ...ALARMS.map((alarm) => {
      const { AlarmArn, AlarmName } = only(
        found.filter((one) => one.AlarmName === alarmName(alarm)),
        alarm,
      );
      const output = `alarm_${alarm.replaceAll('-', '_')}`;
      return { [`${output}_arn`]: AlarmArn, [`${output}_name`]: AlarmName };
    }),
  ) as Values;
};

const ofAlerting: Reality = async (deployed) => ({
  alert_topic_arn: await topicArn(deployed),
  // Terraform keeps what Subscribe answered, which is also what the list says until the address is confirmed.
  alert_subscription_arn: only(await subscriptions(deployed), 'subscription').SubscriptionArn,
  dashboard_name: names.DASHBOARD,
});

const ofAudit: Reality = async (deployed) => ({
  audit_bucket_arn: bucketArn(deployed),
  audit_bucket_name: bucketName(deployed),
  trail_arn: (await trail(deployed)).TrailARN,
  trail_log_group_name: (await logGroup(deployed, names.TRAIL_LOG_GROUP)).logGroupName,
  flow_log_group_name: (await logGroup(deployed, names.FLOW_LOG_GROUP)).logGroupName,
  flow_log_to_bucket_id: (await flowLog(deployed, 's3')).FlowLogId,
  flow_log_to_log_group_id: (await flowLog(deployed, 'cloud-watch-logs')).FlowLogId,
});

const ofQueuesAndTable: Reality = async (deployed) => ({
  payment_queue_arn: (await attributesOf(deployed, names.QUEUE)).QueueArn,
  payment_queue_url: await queueUrl(deployed, names.QUEUE),
  dead_letter_queue_arn: (await attributesOf(deployed, names.DEAD_LETTER_QUEUE)).QueueArn,
  dead_letter_queue_url: await queueUrl(deployed, names.DEAD_LETTER_QUEUE),
  payment_table_arn: (await describeTable(deployed)).TableArn,
  payment_table_name: names.TABLE,
  status_index_name: names.STATUS_INDEX,
});

const ofKeys: Reality = async (deployed) => {
  const values: Values = {};
  for (const key of Object.keys(KEYS) as KeyName[]) {
    values[`${key}_key_id`] = await keyId(deployed, key);
    values[`${key}_key_arn`] = await keyArn(deployed, key);
    values[`${key}_key_alias`] = aliasOf(key);
  }
  return values;
};

const ROLE_OUTPUTS: Readonly<Record<string, RoleName>> = {
  payment_processor_role: 'payment-processor',
  dlq_processor_role: 'dlq-processor',
  trail_role: 'cloudtrail',
  flow_logs_role: 'vpc-flow-logs',
  delivery_status_role: 'sns-delivery-status',
};

const ofRoles: Reality = async (deployed) => {
  const values: Values = {};
  for (const [output, role] of Object.entries(ROLE_OUTPUTS)) {
    values[`${output}_arn`] = await roleArn(deployed, role);
    values[`${output}_name`] = roleName(role);
  }
  return values;
};

const ofFunctions: Reality = async (deployed) => {
  const values: Values = { event_source_id: (await mapping(deployed)).UUID };
  for (const [output, name] of [
    ['payment_processor', names.PROCESSOR],
    ['dlq_processor', names.DLQ_PROCESSOR],
  ] as const) {
    const { FunctionArn, FunctionName, Environment } = await configuration(deployed, name);
    const { logGroupName, arn } = await logGroup(deployed, `/aws/lambda/${name}`);
    values[`${output}_arn`] = FunctionArn;
    values[`${output}_name`] = FunctionName;
    values[`${output}_log_group_name`] = logGroupName;
    values[`${output}_log_group_arn`] = arn?.replace(/:\*$/, '');
    values.release_id = Environment?.Variables?.RELEASE_ID;
  }
  return values;
};

const ofNetwork: Reality = async (deployed) => {
  const values: Values = {
    vpc_id: (await vpc(deployed)).VpcId,
    route_table_id: (await routeTable(deployed)).RouteTableId,
    function_security_group_id: (await functionSecurityGroup(deployed)).GroupId,
    endpoint_security_group_id: (await endpointSecurityGroup(deployed)).GroupId,
    dynamodb_endpoint_id: (await endpoint(deployed, 'dynamodb')).VpcEndpointId,
  };
  for (const [index, { SubnetId, AvailabilityZone }] of (await subnets(deployed)).entries()) {
    values[`private_subnet_${index + 1}_id`] = SubnetId;
    values[`private_subnet_${index + 1}_availability_zone`] = AvailabilityZone;
  }
  for (const service of ['sqs', 'lambda', 'logs', 'sns']) {
    const { VpcEndpointId, DnsEntries } = await endpoint(deployed, service);
    values[`${service}_endpoint_id`] = VpcEndpointId;
    values[`${service}_endpoint_dns_name`] = DnsEntries?.[0]?.DnsName;
  }
  return values;
};

const REALITIES: Readonly<Record<string, Reality>> = {
  'of the alarms': ofAlarms,
  'of the topic and the dashboard': ofAlerting,
  'of bucket, trail and flow logs': ofAudit,
  'of queues and table': ofQueuesAndTable,
  'of the keys': ofKeys,
  'of the roles': ofRoles,
  'of the functions': ofFunctions,
  'of the network': ofNetwork,
};

/** The emulator has no prefix lists behind the endpoint that the API could show. */
const FORM_ONLY = { payments_dynamodb_endpoint_prefix_list_id: /^pl-/ };

export const outputAssertions: readonly Assertion[] = [
  ...Object.entries(REALITIES).map(([what, reality]): Assertion => ({
    type: 'output',
    what: `${what}, as the services say`,
    check: async (deployed) => {
      const expected = Object.entries(await reality(deployed)).map(
        ([name, value]) => [`payments_${name}`, value] as const,
      );
      const actual = expected.map(([name]) => [name, deployed.outputs[name]]);
      assert.deepEqual(Object.fromEntries(actual), Object.fromEntries(expected));
    },
  })),
  {
    type: 'output',
    what: 'none but those',
    check: async (deployed) => {
      const known = new Set(Object.keys(FORM_ONLY));
      for (const reality of Object.values(REALITIES)) {
        for (const name of Object.keys(await reality(deployed))) known.add(`payments_${name}`);
      }
      assert.deepEqual(
        Object.keys(deployed.outputs).filter((name) => !known.has(name)),
        [],
      );
    },
  },
  ...Object.entries(FORM_ONLY).map(([name, form]): Assertion => ({
    type: 'output',
    what: `${name} looks like one`,
    check: ({ outputs }) => {
      assert.match(String(outputs[name]), form);
      return Promise.resolve();
    },
  })),
];
