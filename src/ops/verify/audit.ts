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
    judge: ({ trail: found }, { pipeline }) =>
      compareSettings({
        IsMultiRegionTrail: [found.IsMultiRegionTrail, true],
        LogFileValidationEnabled: [found.LogFileValidationEnabled, true],
        IncludeGlobalServiceEvents: [found.IncludeGlobalServiceEvents, true],
        KmsKeyId: [found.KmsKeyId, pipeline.expected().keys?.s3 ?? CUSTOMER_KEY],
      }),
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
