import { type Check, compareSettings, CUSTOMER_KEY, defineCheck, type Finding } from './check';
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
];

function deliveryFindings(trailName: string, destination: string, error: string | undefined): readonly Finding[] {
  if (error === undefined || error === '') return [];
  return [
    {
      found: `The trail ${trailName} cannot deliver to its ${destination}: ${error}.`,
      whatToDo: `Compare the policies of the ${destination}, its key and the trail's role: deploy again.`,
    },
  ];
}
