import type { Network } from './network/network';
import type { FraudApiSettings } from './props';

/** Opens the ways out of the network that the fraud API asks for. */
export function giveAccess(network: Network, { url, endpointService, apiKeySecretArn }: FraudApiSettings): void {
  if (endpointService) network.privateLink({ serviceName: endpointService.name, url });
  if (apiKeySecretArn !== undefined) network.interfaceEndpoint('secretsmanager');
}
