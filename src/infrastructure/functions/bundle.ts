import { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file';
import { AssetType, TerraformAsset } from 'cdktf';
import type { Construct } from 'constructs';
import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';

/** The bundles in the package's root; the path is the same from the sources and from the compiled code. */
const BUNDLES = join(__dirname, '../../../assets');

const ENTRY = 'index.mjs';
const SOURCE_MAP = `${ENTRY}.map`;

/** Name of the fraud API's adapter beside the bundle. */
export const ADAPTER_FILE = 'fraud-api-adapter.mjs';

/** A handler's bundle is not where it belongs: the package is incomplete, or its clone has not bundled yet. */
export class MissingBundleError extends Error {
  override readonly name = 'MissingBundleError';

  constructor(file: string) {
    super(
      `There is no ${file}: install cdktf-payment-pipeline again, or, in a clone of it, run "npx projen bundle" first.`,
    );
  }
}

/**
 * The zip of a built handler. Its paths are relative to the Terraform configuration and its bytes depend on the
 * bundle and the adapter alone, so that a plan made on one machine holds on another.
 * @param adapter path of the fraud API's adapter, if the handler has one
 * @throws MissingBundleError
 */
export function packageBundle(scope: Construct, id: string, directory: string, adapter?: string): DataArchiveFile {
  const source = join(BUNDLES, directory);
  const entry = join(source, ENTRY);
  if (!existsSync(entry)) throw new MissingBundleError(entry);

  const path = adapter === undefined ? source : withAdapter(source, adapter);
  const asset = new TerraformAsset(scope, `${id}_bundle`, { path, type: AssetType.DIRECTORY });
  return new DataArchiveFile(scope, `${id}_archive`, {
    type: 'zip',
    sourceDir: asset.path,
    // Beside the asset's directory of this content: a changed directory name alone would change the function.
    outputPath: `${posix.dirname(asset.path)}.zip`,
    // Otherwise the umask of the user who runs Terraform would change the hash.
    outputFileMode: '0644',
    excludes: [SOURCE_MAP],
  });
}

/** A copy of the bundle with the adapter, which an asset copies when the app is synthesized. */
function withAdapter(source: string, adapter: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'payment-pipeline-bundle-'));
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  cpSync(source, directory, { recursive: true });
  rmSync(join(directory, SOURCE_MAP), { force: true });
  copyFileSync(adapter, join(directory, ADAPTER_FILE));
  return directory;
}
