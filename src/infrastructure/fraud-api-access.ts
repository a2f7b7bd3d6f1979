import type { Construct } from 'constructs';
import type { Network } from './network/network';
import type { FraudApiSettings } from './props';

/** Opens the ways out of the network that the fraud API asks for. */
export function giveAccess(pipeline: Construct, network: Network, { url, endpointService, apiKeySecretArn }: FraudApiSettings): void {
  if (endpointService) network.privateLink({ serviceName: endpointService.name, url }, pipeline);
  if (apiKeySecretArn !== undefined) network.interfaceEndpoint('secretsmanager');
}
