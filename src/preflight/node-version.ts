const MINIMUM = 20;

/** @returns a sentence when this Node is too old. `engines` in package.json says the same, of which npm only warns */
export function unsupportedNodeMessage(version: string = process.versions.node): string | undefined {
  if (Number(version.split('.')[0]) >= MINIMUM) return undefined;
  return `cdktf-payment-pipeline needs Node ${MINIMUM} or newer, and this is ${version}: install a newer one.`;
}
