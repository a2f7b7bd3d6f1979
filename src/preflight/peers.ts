import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, peersError } from './peers-error';

/** The manifest in the package's root; the path is the same from the sources and from the compiled code. */
const MANIFEST = join(__dirname, '../../package.json');

// Runs before any of them is imported. npm treats them as optional, because the producer and the operator's tool need none.
const { peerDependencies } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>;
};
const error = peersError(
  Object.entries(peerDependencies).map(([name, range]) => ({ name, range, installed: manifestOf(name) })),
);
if (error !== undefined) throw error;

function manifestOf(name: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}
