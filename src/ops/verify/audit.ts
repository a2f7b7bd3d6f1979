import { pluralize } from '../../cli/pluralize';
import type { DeployedSettings } from '../../contract/deployed-settings';
import type { Pipeline } from '../pipeline';
import { type Check, compareSettings, CUSTOMER_KEY, defineCheck, DEPLOY_AGAIN, type Finding } from './check';
import { defineRead } from './read';

export const trail = defineRead({
  action: 'cloudtrail:GetTrail',
  subject: (pipeline) => `trail ${pipeline.expected().trail}`,
  send: async ({ cloudTrail }, _found, pipeline) => {
    const { Trail } = await cloudTrail.getTrail({ Name: pipeline.expected().trail });
    return Trail ?? {};
  },
});

const trailStatus = defineRead({
  action: 'cloudtrail:GetTrailStatus',
  subject: (pipeline) => `trail ${pipeline.expected().trail}`,
  needs: { trail },
  send: ({ cloudTrail }, found) => cloudTrail.getTrailStatus({ Name: found.trail.TrailARN }),
});

const selectors = defineRead({
  action: 'cloudtrail:GetEventSelectors',
  subject: (pipeline) => `trail ${pipeline.expected().trail}`,
  needs: { trail },
  send: async ({ cloudTrail }, found) => {
    const { AdvancedEventSelectors = [] } = await cloudTrail.getEventSelectors({ TrailName: found.trail.TrailARN });
    return AdvancedEventSelectors;
  },
});

/** The default retention of new objects. Empty for a bucket without a lock. */
const objectLock = defineRead({
  action: 's3:GetBucketObjectLockConfiguration',
  subject: () => 'audit bucket',
  needs: { trail },
  send: async ({ s3 }, found, pipeline) => {
    const Bucket = pipeline.expected().auditBucket ?? found.trail.S3BucketName;
    try {
      const { ObjectLockConfiguration } = await s3.getObjectLockConfiguration({ Bucket });
      return ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
    } catch (error) {
      if ((error as Error).name === 'ObjectLockConfigurationNotFoundError') return {};
      throw error;
    }
  },
});

function retention(days: number | undefined): string {
  return days === undefined ? 'kept without end' : `kept for ${pluralize(days, 'day')}`;
}

const ANY_RETENTION = { rule: 'kept for a number of days', holds: (value: string) => /\d/.test(value) };

/** The log groups that keep evidence, each with its retention. One that does not exist is left out. */
const logGroups = defineRead({
  action: 'logs:DescribeLogGroups',
  subject: () => 'log groups',
  send: async ({ cloudWatchLogs }, _found, pipeline) => {
    const described = Object.keys(pipeline.expected().logGroups).map(async (name) => {
      const { logGroups: groups = [] } = await cloudWatchLogs.describeLogGroups({ logGroupNamePrefix: name });
      return groups.filter(({ logGroupName }) => logGroupName === name);
    });
    const groups = (await Promise.all(described)).flat();
    return new Map(groups.map(({ logGroupName, retentionInDays }) => [logGroupName, retention(retentionInDays)]));
  },
});

export const AUDIT_CHECKS: readonly Check[] = [
  defineCheck({
    name: 'Audit trail: logging and delivering',
    needs: { trail, trailStatus },
    judge: ({ trail: { Name = '' }, trailStatus: status }) => [
      ...(status.IsLogging === true
        ? []
        : [
            {
              found: `The trail ${Name} does not log.`,
              whatToDo: `Follow docs/runbooks/alarm-security-trail-change.md: aws cloudtrail start-logging --name ${Name}`,
            },
          ]),
      ...deliveryFindings(Name, 'audit bucket', status.LatestDeliveryError),
      ...deliveryFindings(Name, 'log group', status.LatestCloudWatchLogsDeliveryError),
    ],
  }),
  defineCheck({
    name: 'Audit trail: settings',
    needs: { trail },
    judge: ({ trail: found }, { pipeline }) => {
      const { auditBucket, keys } = pipeline.expected();
      return compareSettings({
        ...(auditBucket !== undefined && { S3BucketName: [found.S3BucketName, auditBucket] }),
        IsMultiRegionTrail: [found.IsMultiRegionTrail, true],
        LogFileValidationEnabled: [found.LogFileValidationEnabled, true],
        IncludeGlobalServiceEvents: [found.IncludeGlobalServiceEvents, true],
        KmsKeyId: [found.KmsKeyId, keys?.s3 ?? CUSTOMER_KEY],
      });
    },
  }),
  defineCheck({
    name: 'Audit trail: data events',
    needs: { selectors },
    judge: ({ selectors: found }, { pipeline }) => {
      const expected = pipeline.expected().settings?.data_events ?? [];
      const missing = expected.filter((event) => {
        const [type, end] = resourceOf(event, pipeline);
        return !found.some(({ FieldSelectors = [] }) => {
          const values = FieldSelectors.flatMap(({ Equals = [], StartsWith = [] }) => [...Equals, ...StartsWith]);
          return values.includes(type) && values.some((value) => value.startsWith('arn:') && value.endsWith(end));
        });
      });
      return missing.length === 0
        ? []
        : [{ found: `The trail does not record ${missing.join(', ')}.`, whatToDo: DEPLOY_AGAIN }];
    },
  }),
  defineCheck({
    name: 'Audit bucket: Object Lock, if it has one',
    needs: { objectLock },
    judge: ({ objectLock: { Mode, Days } }, { pipeline }) => {
      const expected = pipeline.expected().settings?.audit_lock;
      return expected === undefined
        ? []
        : compareSettings({
            'the mode of the default retention': [Mode, expected.mode],
            'its number of days': [Days, expected.days],
          });
    },
  }),
  defineCheck({
    name: 'Log groups: retention',
    needs: { logGroups },
    judge: ({ logGroups: found }, { pipeline }) =>
      compareSettings(
        Object.fromEntries(
          Object.entries(pipeline.expected().logGroups).map(([name, days]) => [
            `the log group ${name}`,
            [found.get(name) ?? 'missing', days === undefined ? ANY_RETENTION : retention(days)],
          ]),
        ),
      ),
  }),
];

/** The type of the resource that an event is about, and how its ARN ends. */
function resourceOf(event: DeployedSettings['data_events'][number], pipeline: Pipeline): [type: string, arn: string] {
  switch (event) {
    case 'tableWrites':
      return ['AWS::DynamoDB::Table', `:table/${pipeline.paymentTable}`];
    case 'dlqInvocations':
      return ['AWS::Lambda::Function', `:${pipeline.dlqProcessor.split(':').at(-1)!}`];
    case 'auditObjects':
      return ['AWS::S3::Object', '/'];
  }
}

function deliveryFindings(trailName: string, destination: string, error: string | undefined): readonly Finding[] {
  if (error === undefined || error === '') return [];
  return [
    {
      found: `The trail ${trailName} cannot deliver to its ${destination}: ${error}.`,
      whatToDo: `Compare the policies of the ${destination}, its key and the trail's role: deploy again.`,
    },
  ];
}
