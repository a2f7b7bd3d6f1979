import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { offlineStack, REPLACED_PROVIDERS } from '../terraform/offline-stack';
import { findProviderMirror } from '../terraform/provider-mirror';
import { providerSources, readStack, writeStack } from '../terraform/stack-file';
import { zipDirectory } from '../terraform/zip-directory';

const OVERRIDE_FILE = 'rehearsal_override.tf.json';

/**
 * Called before Terraform initialises a directory: keeps the state where all jobs find it, takes the emulator for AWS, and
 * does without the providers that this machine lacks.
 */
function prepare(directory: string, state: string): void {
  const stack = readStack(directory);
  const sources = providerSources(stack);
  const mirror = findProviderMirror(sources);
  const lacking =
    mirror === undefined ? [] : sources.filter((source) => !mirror.holds(source)).map((source) => basename(source));
  if (lacking.some((type) => REPLACED_PROVIDERS.some((replaced) => replaced === type))) {
    const zip = zipDirectory(directory);
    writeStack(
      directory,
      offlineStack(stack, (archive) => ({ ...zip(archive), path: archive.outputPath })),
    );
  }
  const aws = { skip_credentials_validation: true, skip_metadata_api_check: true, s3_use_path_style: true };
  const override = { terraform: { backend: { local: { path: state } } }, provider: { aws: [aws] } };
  writeFileSync(join(directory, OVERRIDE_FILE), JSON.stringify(override));
}

prepare(process.cwd(), process.argv[2]!);
