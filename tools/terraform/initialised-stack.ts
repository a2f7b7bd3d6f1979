import { cp } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Outcome } from '../kit/processes';
import { withProgress } from '../../src/cli/progress';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { offlineStack, REPLACED_PROVIDERS, type PackageDirectory } from './offline-stack';
import { findProviderMirror, type ProviderMirror } from './provider-mirror';
import { providerSources, readStack, writeStack } from './stack-file';
import { terraform } from './terraform';
import { CommandError, EXIT } from '../../src/cli/command-error';

/** Messages of Terraform 1.5 and later when a provider, and not the stack, is at fault. */
export const NO_PROVIDERS = /Failed to (query available provider packages|install provider)/;

/** Terraform refuses the stack while it initializes it. */
export class InitialisationError extends CommandError {}

/** The providers can't be downloaded, and this machine has none. */
export class NoProvidersError extends CommandError {
  override readonly exitCode = EXIT.unavailable;
}

export interface Initialisation {
  /** Hears what takes long, and what is done otherwise than the stack says. */
  readonly stderr: NodeJS.WritableStream;
  /** Packages the directories of the offline copy, if there has to be one. */
  readonly packageDirectory: PackageDirectory;
  /** Whether Terraform is to keep a state: for a stack that is applied, not only read. */
  readonly backend?: boolean;
  /** Runs Terraform, if not `terraform` itself. */
  readonly run?: typeof terraform;
}

/**
 * Lends a directory in which Terraform has its providers: the stack's own where they can be downloaded, otherwise a
 * copy that does with those of a mirror on this machine.
 * @throws InitialisationError, NoProvidersError, NoStandInError, TerraformMissingError
 */
export async function withInitialisedStack<T>(
  stack: string,
  initialisation: Initialisation,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const download = process.env.TF_PLUGIN_MIRROR === undefined ? await init(stack, [], initialisation) : undefined;
  if (download?.code === 0) return work(stack);
  if (download !== undefined && !NO_PROVIDERS.test(download.stderr)) throw new InitialisationError(download.stderr);

  const mirror = findProviderMirror(providerSources(readStack(stack)));
  if (mirror === undefined) {
    throw new NoProvidersError(
      `${download?.stderr ?? ''}\nThere is no provider mirror on this machine either: set TF_PLUGIN_MIRROR to one.`,
    );
  }
  return inTemporaryDirectory(async (copy) => {
    await copyForMirror(stack, copy, mirror, initialisation);
    const { code, stderr } = await init(copy, [`-plugin-dir=${mirror.directory}`], initialisation);
    if (code === 0) return work(copy);
    throw NO_PROVIDERS.test(stderr) ? new NoProvidersError(stderr) : new InitialisationError(stderr);
  });
}

async function init(directory: string, options: readonly string[], initialisation: Initialisation): Promise<Outcome> {
  const { stderr, backend = false, run = terraform } = initialisation;
  return withProgress(
    'terraform init',
    stderr,
    run(['init', `-backend=${backend}`, '-input=false', '-no-color', ...options], { directory }),
  );
}

/** The copy does without archive and random if the mirror lacks one of them. */
async function copyForMirror(
  stack: string,
  copy: string,
  mirror: ProviderMirror,
  initialisation: Initialisation,
): Promise<void> {
  await cp(stack, copy, { recursive: true, filter: (file) => !basename(file).startsWith('.terraform') });
  const original = readStack(stack);
  const lacking = providerSources(original)
    .filter((source) => !mirror.holds(source))
    .map((source) => basename(source));
  if (!lacking.some((type) => isReplaced(type))) return;
  writeStack(copy, offlineStack(original, initialisation.packageDirectory));
  initialisation.stderr.write(
    `The providers come from ${mirror.directory}, which lacks ${lacking.join(' and ')}: in a copy of the stack, ` +
      'data.archive_file is replaced by locals, and the random resources by terraform_data. All else is as synthesized.\n',
  );
}

function isReplaced(type: string): boolean {
  return REPLACED_PROVIDERS.some((replaced) => replaced === type);
}
