import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for the SDK's default credential chain in the bundle: Lambda hands credentials over in the environment,
 * and the other sources (files, SSO, instance metadata ...) would be a quarter of the bundle. Like the chain, it reads them once.
 */
export function defaultProvider(...options: Parameters<typeof fromEnv>): ReturnType<typeof fromEnv> {
  const read = fromEnv(...options);
  let credentials: ReturnType<typeof read> | undefined;
  return () => (credentials ??= read());
}
