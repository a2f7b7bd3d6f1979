import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { VpcEndpoint, type VpcEndpointConfig } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Fn, Op, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { expressionOf } from '../token-expression';
import type { InterfaceEndpointConfig } from './endpoints';
import { allowHttps, createGroup } from './security-groups';

/** A service that its owner offers over AWS PrivateLink. */
export interface PrivateService {
  /** Name of the endpoint service, such as `com.amazonaws.vpce.<region>.vpce-svc-<id>`. */
  readonly serviceName: string;
  /** The URL that functions call. The service's certificate has its host. */
  readonly url: string;
  /** Names of the zones in which the service can be reached; undefined for all zones of the network. */
  readonly availabilityZones?: readonly string[] | undefined;
}

/** An interface endpoint that the functions alone may call, under a name that only this VPC knows. */
export function createPrivateLink(
  scope: Construct,
  purpose: string,
  { serviceName, url, availabilityZones }: PrivateService,
  { names, network }: InterfaceEndpointConfig,
): VpcEndpoint {
  const id = purpose.replaceAll('-', '_');
  const host = hostOf(url);

  const group = createGroup(
    scope,
    `${id}_security_group`,
    network.vpcId,
    names.securityGroup(purpose),
    'Endpoint of the fraud API',
  );
  allowHttps(scope, `${id}_ingress`, group, {
    type: 'ingress',
    sourceSecurityGroupId: network.functionSecurityGroup.id,
    description: 'HTTPS from the functions',
  });

  const endpoint = new VpcEndpoint(scope, `${id}_endpoint`, {
    vpcId: network.vpcId,
    vpcEndpointType: 'Interface',
    serviceName,
    // No policy: AWS takes none for a service that isn't its own.
    // Only works for owners that proved their domain to AWS; the zone below works for each.
    privateDnsEnabled: false,
    securityGroupIds: [group.id],
    tags: { Name: names.endpoint(purpose) },
    ...subnetsIn(network, availabilityZones),
  });

  const zone = new Route53Zone(scope, `${id}_zone`, { name: host, vpc: [{ vpcId: network.vpcId }] });
  const address = endpoint.dnsEntry.get(0);
  new Route53Record(scope, `${id}_record`, {
    zoneId: zone.zoneId,
    name: host,
    type: 'A',
    alias: { name: address.dnsName, zoneId: address.hostedZoneId, evaluateTargetHealth: false },
  });
  return endpoint;
}

/** The subnets in the given zones, which only Terraform can tell; AWS refuses an endpoint in a zone that its service lacks. */
function subnetsIn(
  { subnetIds, ownVpc }: InterfaceEndpointConfig['network'],
  zones: readonly string[] | undefined,
): Pick<VpcEndpointConfig, 'subnetIds' | 'lifecycle'> {
  if (zones === undefined || ownVpc === undefined) return { subnetIds: [...subnetIds] }; // validated: an existing network takes no zones
  const { subnets } = ownVpc;
  const ofNetwork = subnets.map(({ availabilityZone }) => availabilityZone);
  const without = Fn.setsubtract([...zones], ofNetwork);
  const idIfWanted = ({ id, availabilityZone }: Subnet) =>
    Token.asString(Fn.conditional(Fn.contains([...zones], availabilityZone), id, ''));
  return {
    subnetIds: Fn.compact(subnets.map(idIfWanted)),
    lifecycle: {
      precondition: [
        {
          condition: Token.asString(Op.lt(Fn.lengthOf(without), 1)),
          errorMessage: `fraudApi.availabilityZones names zones without a subnet of the network: ${Fn.join(', ', without)}. The network is in ${Fn.join(', ', ofNetwork)}.`,
        },
      ],
    },
  };
}

/** A key that is equal for equal services, even if only Terraform knows their values. */
export function identityOf(scope: Construct, { serviceName, url }: PrivateService): string {
  const host = Token.isUnresolved(url) ? url : new URL(url).hostname;
  return expressionOf(scope, `${serviceName} ${host}`);
}

/** The zones of an endpoint, equal for equal zones. */
export function zonesOf(scope: Construct, { availabilityZones }: PrivateService): string {
  return availabilityZones === undefined
    ? 'all zones of the network'
    : expressionOf(scope, [...availabilityZones].sort());
}

function hostOf(url: string): string {
  if (!Token.isUnresolved(url)) return new URL(url).hostname;
  return Token.asString(Fn.element(Fn.regex('^https://([^/:?#]+)', url), 0));
}
