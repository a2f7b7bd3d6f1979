import { condition } from '../policy';
import { logGroupArns, type PermissionSet, type PipelineArns } from './permission-set';

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
