/**
 * Stands in for the SDK's default credential chain in the bundle: Lambda hands credentials over in the environment,
 * and the other sources (files, SSO, instance metadata ...) would be a quarter of the bundle.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
