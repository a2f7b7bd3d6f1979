import type { Section } from './row';
import { alarms } from './rows/alarms';
import { beyond } from './rows/beyond';
import { beyondNetwork } from './rows/beyond-network';
import { business } from './rows/business';
import { cleanup } from './rows/cleanup';
import { cloudTrail } from './rows/cloudtrail';
import { dashboard } from './rows/dashboard';
import { dataSources } from './rows/data-sources';
import { dynamodb } from './rows/dynamodb';
import { files } from './rows/files';
import { roles } from './rows/iam';
import { permissions } from './rows/iam-roles';
import { keyNames, keys } from './rows/kms';
import { keyPolicies } from './rows/kms-policies';
import { processor } from './rows/lambda';
import { dlqProcessor } from './rows/lambda-dlq';
import { later } from './rows/later';
import { logGroups } from './rows/log-groups';
import { naming } from './rows/naming';
import { endpoints } from './rows/network-endpoints';
import { vpc } from './rows/network-vpc';
import { outputRows } from './rows/outputs';
import { provider } from './rows/provider';
import { securityGroups } from './rows/security-groups';
import { sns } from './rows/sns';
import { sqs } from './rows/sqs';
import { bucket, bucketLifecycle } from './rows/storage';
import { bucketPolicy } from './rows/storage-policy';

/** The request, section by section. */
export const SECTIONS: readonly Section[] = [
  { title: 'Business context', parts: [['business', business]] },
  {
    title: 'VPC network architecture',
    parts: [
      ['network-vpc', vpc],
      ['network-endpoints', endpoints],
    ],
  },
  {
    title: 'S3 storage for audit logs',
    parts: [
      ['storage', bucket],
      ['storage-policy', bucketPolicy],
      ['storage', bucketLifecycle],
    ],
  },
  {
    title: 'KMS encryption infrastructure',
    parts: [
      ['kms', keys],
      ['kms-policies', keyPolicies],
      ['kms', keyNames],
    ],
  },
  { title: 'CloudTrail audit logging', parts: [['cloudtrail', cloudTrail]] },
  { title: 'SQS FIFO queue configuration', parts: [['sqs', sqs]] },
  {
    title: 'Lambda processing functions',
    parts: [
      ['lambda', processor],
      ['lambda-dlq', dlqProcessor],
    ],
  },
  { title: 'DynamoDB transaction state storage', parts: [['dynamodb', dynamodb]] },
  {
    title: 'CloudWatch monitoring and dashboards',
    parts: [
      ['alarms', alarms],
      ['dashboard', dashboard],
      ['log-groups', logGroups],
    ],
  },
  { title: 'SNS alerting configuration', parts: [['sns', sns]] },
  { title: 'Security groups and network ACLs', parts: [['security-groups', securityGroups]] },
  {
    title: 'IAM roles and policies',
    parts: [
      ['iam', roles],
      ['iam-roles', permissions],
    ],
  },
  { title: 'Provider configuration', parts: [['provider', provider]] },
  { title: 'Resource naming', parts: [['naming', naming]] },
  { title: 'Data source restrictions', parts: [['data-sources', dataSources]] },
  { title: 'File organization', parts: [['files', files]] },
  { title: 'Cleanup configuration', parts: [['cleanup', cleanup]] },
  { title: 'Integration testing outputs', parts: [['outputs', outputRows]] },
  { title: 'Asked for later', parts: [['later', later]] },
  {
    title: 'Beyond the request',
    parts: [
      ['beyond', beyond],
      ['beyond-network', beyondNetwork],
    ],
  },
];
