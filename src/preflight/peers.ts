import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The manifest in the package's root; the path is the same from the sources and from the compiled code. */
const MANIFEST = join(__dirname, '../../package.json');

/** Packages that the construct needs are not installed. */
export class MissingPeersError extends Error {
  override readonly name = 'MissingPeersError';

  /** @param missing packages to install, each as name and range */
  constructor(missing: readonly string[]) {
    super(
      `PaymentPipeline builds upon packages that are not installed here: run npm install ${missing.map((peer) => `"${peer}"`).join(' ')}.`,
    );
  }
}

// Runs before any of them is imported. npm treats them as optional, because the producer and the operator's tool need none.
const { peerDependencies } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>;
};
const missing = Object.entries(peerDependencies).filter(([name]) => !isInstalled(name));
if (missing.length > 0) throw new MissingPeersError(missing.map(([name, range]) => `${name}@${range}`));

function isInstalled(name: string): boolean {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
