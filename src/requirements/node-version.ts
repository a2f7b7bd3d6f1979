/**
 * @returns a sentence when this Node is too old: it has to let CommonJS require an ESM-only package, as the currency data
 * is. `engines` in package.json says the same, of which npm only warns.
 */
export function complaintAboutNode(version: string = process.versions.node): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) return undefined;
  return `cdktf-payment-pipeline needs Node 20.19 or newer, of Node 22 at least 22.12, and this is ${version}: install a newer one.`;
}
