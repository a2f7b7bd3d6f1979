/**
 * Stands in for the X-Ray SDK's middleware of web servers, with its sampling rules. In Lambda the service samples, and the SDK's start only
 * turns its own sampling off.
 */
export function disableCentralizedSampling(): void {
  // Nothing samples here.
}
