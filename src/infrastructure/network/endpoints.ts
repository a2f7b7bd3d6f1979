import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import type { Construct } from 'constructs';
import { awsEnvironmentOf } from '../aws-environment';
import type { Names } from '../resource-names';
import { condition, EVERYBODY, policyJson } from '../policy';
import type { EndpointService } from './existing-network';
import type { OwnVpc } from './vpc';

export interface InterfaceEndpointConfig {
  readonly names: Names;
  readonly network: {
    readonly vpcId: string;
    readonly subnetIds: readonly string[];
    readonly ownVpc: OwnVpc | undefined;
    readonly endpointSecurityGroupId: string;
    readonly functionSecurityGroup: SecurityGroup;
  };
}

export function createInterfaceEndpoint(
  scope: Construct,
  service: EndpointService,
  { names, network }: InterfaceEndpointConfig,
): VpcEndpoint {
  return new VpcEndpoint(scope, `${service}_endpoint`, {
    vpcId: network.vpcId,
    vpcEndpointType: 'Interface',
    serviceName: serviceName(scope, service),
    // The service's usual name leads here, so that no client has to know. DynamoDB offers no such name:
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-interface-endpoints.html#privatelink-considerations
    privateDnsEnabled: service !== 'dynamodb',
    policy: endpointPolicy(scope, service),
    subnetIds: [...network.subnetIds],
    securityGroupIds: [network.endpointSecurityGroupId],
    tags: { Name: names.endpoint(service) },
  });
}

export interface GatewayEndpointConfig {
  readonly names: Names;
  readonly vpcId: string;
  readonly routeTableIds: readonly string[];
}

export function createGatewayEndpoint(
  scope: Construct,
  service: 'dynamodb',
  { names, vpcId, routeTableIds }: GatewayEndpointConfig,
): VpcEndpoint {
  return new VpcEndpoint(scope, `${service}_endpoint`, {
    vpcId,
    vpcEndpointType: 'Gateway',
    serviceName: serviceName(scope, service),
    routeTableIds: [...routeTableIds],
    policy: endpointPolicy(scope, service),
    tags: { Name: names.endpoint(service) },
  });
}

/**
 * Lets this AWS account's principals use this AWS account's resources, so that nobody takes data out with credentials, or to resources,
 * of another one. AWS pages "Control access to VPC endpoints using endpoint policies" and "AWS global condition context keys".
 */
function endpointPolicy(scope: Construct, service: EndpointService): string {
  const { accountId } = awsEnvironmentOf(scope);
  const ours = condition('StringEquals', 'aws:PrincipalAccount', accountId);
  const own = { resources: ['*'], principals: EVERYBODY };
  return policyJson(scope, `${service}_endpoint_policy`, [
    {
      ...own,
      sid: 'OwnResources',
      actions: [`${service}:*`],
      condition: [ours, condition('StringEquals', 'aws:ResourceAccount', accountId)],
    },
    // The secret may be one of the fraud API's owner. Reading it takes nothing out.
    ...(service === 'secretsmanager'
      ? [{ ...own, sid: 'ReadSecrets', actions: ['secretsmanager:GetSecretValue'], condition: [ours] }]
      : []),
  ]);
}

/** Services whose endpoints in China have a name of another form, which `aws ec2 describe-vpc-endpoint-services` lists there. */
const NAMED_OTHERWISE_IN_CHINA = ['sqs', 'lambda'];

function serviceName(scope: Construct, service: EndpointService): string {
  const deployment = awsEnvironmentOf(scope);
  const usual = 'com.amazonaws';
  const prefix = NAMED_OTHERWISE_IN_CHINA.includes(service) ? deployment.inChina(`cn.${usual}`, usual) : usual;
  return `${prefix}.${deployment.region}.${service}`;
}
