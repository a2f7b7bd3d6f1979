import { condition, type Statement } from '../policy';
import { auditBucketArn, logGroupArns, type PermissionSet, type PipelineArns, tableArn } from './permission-set';

const READ_TRAIL = ['GetTrail', 'GetTrailStatus', 'GetEventSelectors', 'GetInsightSelectors', 'ListTags'];
const WRITE_TRAIL = [
  'CreateTrail',
  'UpdateTrail',
  'PutEventSelectors',
  'StartLogging',
  'StopLogging',
  'AddTags',
  'RemoveTags',
  'DeleteTrail',
];
const WRITE_LOG_GROUPS = [
  ...['CreateLogGroup', 'PutRetentionPolicy', 'DeleteRetentionPolicy', 'AssociateKmsKey', 'DisassociateKmsKey'],
  ...['PutMetricFilter', 'DeleteMetricFilter', 'TagResource', 'UntagResource', 'DeleteLogGroup'],
];

/** Trail and log groups. No event can be read. */
export function auditPermissions(target: PipelineArns): PermissionSet {
  const { names, deployment } = target;
  const trail = [deployment.trailArn(names.trail)];
  const groups = logGroupArns(target);
  const here = condition('StringEquals', 'aws:RequestedRegion', deployment.region);
  return {
    read: [
      { sid: 'ReadTrail', actions: READ_TRAIL.map((action) => `cloudtrail:${action}`), resources: trail },
      { sid: 'ReadLogGroups', actions: ['logs:DescribeMetricFilters', 'logs:ListTagsForResource'], resources: groups },
      // These operations search all trails and groups by name.
      {
        sid: 'FindTrailAndGroups',
        actions: ['cloudtrail:DescribeTrails', 'logs:DescribeLogGroups'],
        resources: ['*'],
        condition: [here],
      },
    ],
    write: [
      { sid: 'WriteTrail', actions: WRITE_TRAIL.map((action) => `cloudtrail:${action}`), resources: trail },
      { sid: 'WriteLogGroups', actions: WRITE_LOG_GROUPS.map((action) => `logs:${action}`), resources: groups },
    ],
  };
}

/** Actions that delete evidence, shorten how long AWS keeps it, or end its recording. Terraform makes most of them to create it, too. */
const DELETE_EVIDENCE = {
  trail: ['UpdateTrail', 'PutEventSelectors', 'StopLogging', 'DeleteTrail'].map((action) => `cloudtrail:${action}`),
  logs: ['PutRetentionPolicy', 'DeleteLogGroup', 'DeleteLogStream'].map((action) => `logs:${action}`),
  table: ['UpdateContinuousBackups', 'DeleteTable', 'DeleteItem', 'PutItem', 'UpdateItem'].map(
    (action) => `dynamodb:${action}`,
  ),
  bucket: [
    ...['PutBucketObjectLockConfiguration', 'PutLifecycleConfiguration', 'PutBucketVersioning', 'PutBucketPolicy'],
    ...['DeleteBucketPolicy', 'DeleteBucket', 'DeleteObject', 'DeleteObjectVersion', 'BypassGovernanceRetention'],
  ].map((action) => `s3:${action}`),
  keys: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'],
};

/** Denies a role to delete evidence of payments, or to shorten how long AWS keeps it, whatever else allows it. */
export function evidenceDenials(target: PipelineArns): Statement[] {
  const { names, deployment } = target;
  const bucket = auditBucketArn(target);
  const deny = (sid: string, actions: string[], ...resources: string[]): Statement => {
    return { sid, effect: 'Deny', actions, resources };
  };
  return [
    deny('KeepTrail', DELETE_EVIDENCE.trail, deployment.trailArn(names.trail)),
    deny('KeepLogs', DELETE_EVIDENCE.logs, ...logGroupArns(target)),
    deny('KeepTable', DELETE_EVIDENCE.table, tableArn(target)),
    deny('KeepBucket', DELETE_EVIDENCE.bucket, bucket, `${bucket}/*`),
    deny('KeepKeys', DELETE_EVIDENCE.keys, deployment.arn('kms', 'key/*')),
  ];
}
