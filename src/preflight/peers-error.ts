const PAGE = 'node_modules/cdktf-payment-pipeline/docs/explanation/ecosystems.md';

/** A package as its own manifest describes it. Under an npm alias, the name isn't the one that it is imported by. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** A package that the construct imports. */
export interface Peer {
  /** The name that it is imported by. */
  readonly name: string;
  /** `>=LOWEST <END` */
  readonly range: string;
  /** Undefined when it isn't installed. */
  readonly installed: Manifest | undefined;
}

/** Packages that the construct needs are not installed. */
export class MissingPeersError extends Error {
  override readonly name = 'MissingPeersError';

  /** @param command installs them */
  constructor(command: string) {
    super(`PaymentPipeline builds upon packages that are not installed here: run ${command}.`);
  }
}

/** The construct doesn't work with the installed version of a package. */
export class UnsupportedPeersError extends Error {
  override readonly name = 'UnsupportedPeersError';

  /** @param command installs other versions */
  constructor(unsupported: readonly Peer[], command: string) {
    const found = unsupported.map(({ name, range, installed }) => `${name} ${range}, not ${installed!.version}`);
    super(`PaymentPipeline needs other versions of its packages (${found.join('; ')}): run ${command}.`);
  }
}

/** Packages of CDKTF and of CDK Terrain are mixed. */
export class MixedPeersError extends Error {
  override readonly name = 'MixedPeersError';

  /** @param found packages of both */
  constructor(found: readonly Manifest[]) {
    const list = found.map(({ name, version }) => `${name} ${version}`).join(', ');
    super(
      `PaymentPipeline needs all packages of CDKTF, or all of CDK Terrain, and here are both (${list}): install one of the combinations in ${PAGE}.`,
    );
  }
}

/** Packages of CDK Terrain are named `cdktn` or `@cdktn/...`. */
export function isOfTerrain(name: string): boolean {
  return /^@?cdktn\b/.test(name);
}

/** @returns what is wrong with the installed packages, and what to run */
export function peersError(peers: readonly Peer[]): Error | undefined {
  const ofCdk = peers.flatMap(({ name, installed }) => (installed && name !== 'constructs' ? [installed] : []));
  const terrain = ofCdk.some(({ name }) => isOfTerrain(name));
  if (terrain && !ofCdk.every(({ name }) => isOfTerrain(name))) return new MixedPeersError(ofCdk);
  const missing = peers.filter(({ installed }) => installed === undefined);
  if (missing.length > 0) return new MissingPeersError(installCommand(missing, terrain));
  const unsupported = peers.filter(({ range, installed }) => !isInRange(installed!.version, range));
  if (unsupported.length > 0) return new UnsupportedPeersError(unsupported, installCommand(unsupported, terrain));
  return undefined;
}

function isInRange(version: string, range: string): boolean {
  const [lowest, end] = boundsOf(range);
  return !isOlder(version, lowest) && isOlder(version, end);
}

function boundsOf(range: string): readonly [lowest: string, end: string] {
  const [, lowest = '', end = ''] = /^>=(\S+) <(\S+)$/.exec(range) ?? [];
  return [lowest, end];
}

/** Whether a version is older than another, or than every version that begins with it. */
export function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

/** The lowest version is CDKTF's. */
function installCommand(peers: readonly Peer[], terrain: boolean): string {
  const packages = peers.map(({ name, range }) => {
    const [lowest, end] = boundsOf(range);
    return terrain && name !== 'constructs'
      ? `${name}@npm:${name.replace('cdktf', 'cdktn')}@<${end}`
      : `${name}@^${lowest}`;
  });
  return `npm install ${packages.map((spec) => `"${spec}"`).join(' ')}`;
}
