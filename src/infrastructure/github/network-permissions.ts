import { condition, type Statement } from '../policy';
import type { PermissionSet, PipelineArns } from './permission-set';
import { privateLinkPermissions } from './private-link-permissions';
import type { GitHubSettings } from './props';

const READ = [
  ...[
    'AvailabilityZones',
    'FlowLogs',
    'NetworkAcls',
    'NetworkInterfaces',
    'PrefixLists',
    'RouteTables',
    'SecurityGroupRules',
  ],
  ...['SecurityGroups', 'Subnets', 'VpcAttribute', 'VpcEndpoints', 'Vpcs'],
].map((what) => `ec2:Describe${what}`);

const CREATE = [
  'CreateVpc',
  'CreateSubnet',
  'CreateRouteTable',
  'CreateSecurityGroup',
  'CreateVpcEndpoint',
  'CreateFlowLogs',
];
const CHANGE_RULES = [
  ...[
    'AuthorizeSecurityGroupEgress',
    'AuthorizeSecurityGroupIngress',
    'RevokeSecurityGroupEgress',
    'RevokeSecurityGroupIngress',
  ],
];
const CHANGE = [
  ...[
    'ModifyVpcAttribute',
    'ModifySubnetAttribute',
    'ModifyVpcEndpoint',
    'AssociateRouteTable',
    'DisassociateRouteTable',
  ],
  ...['ReplaceRouteTableAssociation', ...CHANGE_RULES, 'DeleteFlowLogs', 'DeleteVpcEndpoints', 'DeleteSecurityGroup'],
  ...['DeleteRouteTable', 'DeleteSubnet', 'DeleteVpc', 'CreateTags', 'DeleteTags'],
];

/**
 * The VPC and what is in it. AWS gives these their ids, so the pipeline's are known by the name that each is tagged with when it
 * is made.
 * @param settings the host of a fraud API that is reached over PrivateLink, and the VPC of an existing network
 */
export function networkPermissions(
  target: PipelineArns,
  { privateLinkHost, vpcId }: Pick<GitHubSettings, 'privateLinkHost' | 'vpcId'>,
): PermissionSet {
  const { names, deployment } = target;
  const privateLink = privateLinkHost === undefined ? undefined : privateLinkPermissions(target, privateLinkHost);
  const { vpc, routeTable, endpointSecurityGroup, functionSecurityGroup, defaultSecurityGroup } = names;
  const own = [
    vpc,
    names.subnet('*'),
    routeTable,
    names.endpoint('*'),
    endpointSecurityGroup,
    functionSecurityGroup,
    defaultSecurityGroup,
    names.flowLog('*'),
    ...(privateLink ? [names.securityGroup('fraud-api*')] : []),
  ];
  const called = (...patterns: string[]) => condition('StringLike', 'aws:ResourceTag/Name', ...patterns);
  const toBeCalled = (...patterns: string[]) => condition('StringLike', 'aws:RequestTag/Name', ...patterns);
  const ec2 = (actions: readonly string[]) => actions.map((action) => `ec2:${action}`);
  const here = condition('StringEquals', 'aws:RequestedRegion', deployment.region);
  const any = (what: string) => deployment.arn('ec2', what);
  return {
    // IAM knows no resources for these.
    read: [{ sid: 'ReadNetwork', actions: READ, resources: ['*'], condition: [here] }, ...(privateLink?.read ?? [])],
    write: [
      { sid: 'Create', actions: ec2(CREATE), resources: [any('*')], condition: [toBeCalled(...own)] },
      // Whatever a new one is made within, a subnet's VPC or an endpoint's groups, is judged by its own tag.
      { sid: 'CreateWithin', actions: ec2(CREATE), resources: [any('*')], condition: [called(...own)] },
      {
        sid: 'NameWhatIsCreated',
        actions: ['ec2:CreateTags'],
        resources: [any('*')],
        condition: [toBeCalled(...own), condition('StringEquals', 'ec2:CreateAction', ...CREATE)],
      },
      // It comes with the VPC, without a name.
      {
        sid: 'NameDefaultGroup',
        actions: ['ec2:CreateTags'],
        resources: [any('security-group/*')],
        condition: [toBeCalled(defaultSecurityGroup), condition('Null', 'aws:ResourceTag/Name', 'true')],
      },
      { sid: 'Change', actions: ec2(CHANGE), resources: [any('*')], condition: [called(...own)] },
      // A rule has no name; its group, which is judged as well, has.
      { sid: 'ChangeRules', actions: ec2(CHANGE_RULES), resources: [any('security-group-rule/*')] },
      // What Lambda leaves behind keeps a subnet from being deleted. AWS refuses to delete what is in use.
      { sid: 'DeleteLeftInterfaces', actions: ['ec2:DeleteNetworkInterface'], resources: [any('network-interface/*')] },
      // AWS page "Publish flow logs to Amazon S3".
      {
        sid: 'DeliverFlowLogs',
        actions: ['logs:CreateLogDelivery', 'logs:DeleteLogDelivery'],
        resources: ['*'],
        condition: [here],
      },
      ...(vpcId === undefined ? [] : existingNetworkPermissions(target, vpcId)),
      ...(privateLink?.write ?? []),
    ],
  };
}

/**
 * A VPC, its subnets, route tables and security groups don't have the pipeline's names if others made them. So they are known by the VPC:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html. What is made in it has its name.
 */
function existingNetworkPermissions({ deployment }: PipelineArns, vpcId: string): Statement[] {
  const vpc = deployment.arn('ec2', `vpc/${vpcId}`);
  return [
    {
      sid: 'CreateInVpc',
      actions: ['ec2:CreateSecurityGroup', 'ec2:CreateVpcEndpoint', 'ec2:CreateFlowLogs'],
      resources: [vpc],
    },
    {
      sid: 'ConnectEndpoints',
      actions: ['ec2:CreateVpcEndpoint', 'ec2:ModifyVpcEndpoint'],
      resources: ['subnet', 'route-table', 'security-group'].map((type) => deployment.arn('ec2', `${type}/*`)),
      condition: [condition('ArnEquals', 'ec2:Vpc', vpc)],
    },
  ];
}
