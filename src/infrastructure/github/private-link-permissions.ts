import { condition } from '../policy';
import type { PermissionSet, PipelineArns } from './permission-set';

/**
 * The private hosted zone of a fraud API, and its one record. AWS gives the zone its id, so a zone is limited by its VPC, and the record by
 * its name: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html.
 */
export function privateLinkPermissions({ deployment }: PipelineArns, host: string): PermissionSet {
  const zones = deployment.unownedArn('route53', 'hostedzone/*');
  const route53 = (...actions: string[]) => actions.map((action) => `route53:${action}`);
  return {
    read: [
      {
        sid: 'ReadZone',
        actions: route53('GetHostedZone', 'ListResourceRecordSets', 'ListTagsForResource'),
        resources: [zones],
      },
      { sid: 'ReadChange', actions: route53('GetChange'), resources: [deployment.unownedArn('route53', 'change/*')] },
    ],
    write: [
      // A public zone has no VPC.
      {
        sid: 'CreatePrivateZone',
        actions: route53('CreateHostedZone', 'AssociateVPCWithHostedZone', 'DisassociateVPCFromHostedZone'),
        resources: ['*'],
        condition: [condition('ForAnyValue:StringLike', 'route53:VPCs', `VPCId=*,VPCRegion=${deployment.region}`)],
      },
      {
        sid: 'ChangeRecord',
        actions: route53('ChangeResourceRecordSets'),
        resources: [zones],
        condition: [
          condition('ForAllValues:StringEquals', 'route53:ChangeResourceRecordSetsNormalizedRecordNames', host),
          condition('ForAllValues:StringEquals', 'route53:ChangeResourceRecordSetsRecordTypes', 'A'),
        ],
      },
      // Route 53 deletes no zone that has records.
      { sid: 'DeleteZone', actions: route53('ChangeTagsForResource', 'DeleteHostedZone'), resources: [zones] },
    ],
  };
}
