import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { PropError } from '../prop-table';
import { expressionOf } from '../token-expression';
import { ExistingNetwork, type EndpointService, type ExistingNetworkProps } from './existing-network';
import type { Network } from './network';

/** A network that a pipeline of a stack made in an existing VPC. */
interface Made {
  readonly given: ExistingNetwork;
  readonly network: Network;
}

const made = new WeakMap<TerraformStack, Made[]>();

/**
 * The network of a pipeline: a given one, the one that another pipeline of the stack made of the same values, or a new one.
 * @param make makes a network, in an existing VPC if it is given one
 */
export function networkFor(
  scope: Construct,
  given: Network | ExistingNetwork | undefined,
  make: (existing: ExistingNetworkProps | undefined) => Network,
): Network {
  if (!(given instanceof ExistingNetwork)) return given ?? make(undefined);
  const identity = given.identity(scope);
  const same = madeIn(scope).find((other) => other.given.identity(scope) === identity);
  if (same !== undefined) return same.network;
  const network = make(given.props);
  made.set(TerraformStack.of(scope), [...madeIn(scope), { given, network }]);
  return network;
}

/**
 * Errors for endpoints that another pipeline of the stack makes in the same VPC. AWS refuses a second interface endpoint with the same private
 * name (https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html), and a second gateway for one service in a route table
 * (https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html).
 * @param services those whose endpoints the pipeline would make
 */
export function endpointConflicts(
  scope: Construct,
  given: ExistingNetwork,
  services: readonly EndpointService[],
): PropError[] {
  const identity = given.identity(scope);
  const vpcOf = ({ props }: ExistingNetwork) => expressionOf(scope, props.vpcId);
  const routesOf = ({ props: { routeTableIds = [] } }: ExistingNetwork) =>
    routeTableIds.map((id) => expressionOf(scope, id));
  const others = madeIn(scope).filter(
    (other) => vpcOf(other.given) === vpcOf(given) && other.given.identity(scope) !== identity,
  );
  return others.flatMap(({ given: other, network }) => {
    const isDouble = (service: EndpointService) =>
      service === 'dynamodb'
        ? network.dynamodbEndpoint !== undefined && routesOf(other).some((id) => routesOf(given).includes(id))
        : network.interfaceEndpoints.has(service);
    return services.filter(isDouble).map((service) => ({
      prop: `network.endpoints.${service}`,
      value: given.props.endpoints?.[service],
      must: `be false: "${network.node.path}" makes this endpoint in the VPC. Pipelines with the same Network.existing share it`,
    }));
  });
}

function madeIn(scope: Construct): readonly Made[] {
  return made.get(TerraformStack.of(scope)) ?? [];
}
