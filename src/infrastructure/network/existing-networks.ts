import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { PropError } from '../prop-table';
import { expressionOf } from '../token-expression';
import { ExistingNetwork, type EndpointService, type ExistingNetworkProps } from './existing-network';
import type { Network } from './network';

/** What pipelines of a stack made in one existing VPC. */
interface Made {
  readonly vpc: string;
  readonly identity: string;
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
  const same = madeIn(scope).find((other) => other.identity === identity);
  if (same !== undefined) return same.network;
  const network = make(given.props);
  const one = { vpc: expressionOf(scope, given.props.vpcId), identity, network };
  made.set(TerraformStack.of(scope), [...madeIn(scope), one]);
  return network;
}

/**
 * Errors for endpoints that another pipeline of the stack makes in the same VPC: AWS refuses a second endpoint with the same private name.
 * @param services those whose endpoints the pipeline would make
 */
export function endpointConflicts(
  scope: Construct,
  given: ExistingNetwork,
  services: readonly EndpointService[],
): PropError[] {
  const identity = given.identity(scope);
  const vpc = expressionOf(scope, given.props.vpcId);
  const others = madeIn(scope).filter((other) => other.vpc === vpc && other.identity !== identity);
  return others.flatMap(({ network }) =>
    services
      .filter((service) => network.interfaceEndpoints.has(service))
      .map((service) => ({
        prop: `network.endpoints.${service}`,
        value: given.props.endpoints?.[service],
        must: `be false: "${network.node.path}" makes this endpoint in the VPC. Pipelines with the same Network.existing share it`,
      })),
  );
}

function madeIn(scope: Construct): readonly Made[] {
  return made.get(TerraformStack.of(scope)) ?? [];
}
