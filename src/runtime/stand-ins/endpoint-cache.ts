/**
 * Stands in for the cache of endpoints that DynamoDB's client makes at its start, and reads only where AWS_ENABLE_ENDPOINT_DISCOVERY turns
 * endpoint discovery on. No function has that variable.
 */
export class EndpointCache {
  get(): never {
    throw new Error('The bundle has no endpoint discovery: unset AWS_ENABLE_ENDPOINT_DISCOVERY.');
  }
}
