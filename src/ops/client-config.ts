import type { Connections } from './connections';
import { credentialsBy } from './credentials';
import type { Pipeline } from './pipeline';

/** Emulators check no signature. */
const NO_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** What the clients of all services have in common. */
export type ClientConfig = ReturnType<typeof clientConfig>;

/** A local pipeline has an endpoint and credentials of its own; any other takes the settings of the AWS SDK. */
export function clientConfig({ region, endpoint }: Pipeline, requestHandler: Connections) {
  return {
    requestHandler,
    ...(region !== undefined && { region }),
    ...(endpoint === undefined
      ? { credentials: credentialsBy(requestHandler) }
      : { credentials: NO_CREDENTIALS, endpoint, useFipsEndpoint: false, useDualstackEndpoint: false }),
  };
}
