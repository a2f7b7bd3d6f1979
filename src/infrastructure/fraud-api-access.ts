import type { FraudApi } from './fraud-api';
import type { Network } from './network/network';

/** Opens the ways out of the network that the fraud API asks for. */
export function giveAccess(network: Network, { url, endpointService, apiKeySecretArn }: FraudApi): void {
  if (endpointService) network.privateLink({ serviceName: endpointService.name, url });
  if (apiKeySecretArn !== undefined) network.interfaceEndpoint('secretsmanager');
}
