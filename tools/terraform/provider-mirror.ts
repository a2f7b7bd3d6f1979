import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { CommandError } from '../../src/cli/command-error';

/** A mirror directory contains a folder that is named after the providers' registry. */
const REGISTRY_FOLDER = 'registry.terraform.io';

/** Where machines without a network usually keep providers. */
const USUAL_ROOTS = [join(homedir(), '.terraform.d'), '/opt', '/usr/local/share', '/usr/share', '/var/lib'];

/** Folders below a root in which a mirror may be. */
const DEPTH = 3;

/** A directory of providers, fit for `terraform init -plugin-dir`. */
export class ProviderMirror {
  constructor(readonly directory: string) {}

  /** @param source as in required_providers, such as `hashicorp/aws` */
  holds(source: string): boolean {
    return existsSync(join(this.directory, REGISTRY_FOLDER, ...namespaceAndType(source)));
  }
}

/**
 * The mirror that TF_PLUGIN_MIRROR names, or else the one among the usual places that holds most of the providers.
 * @throws CommandError when TF_PLUGIN_MIRROR is set, but is no mirror
 */
export function findProviderMirror(
  sources: readonly string[],
  { TF_PLUGIN_MIRROR: given }: NodeJS.ProcessEnv = process.env,
  roots: readonly string[] = USUAL_ROOTS,
): ProviderMirror | undefined {
  if (given !== undefined) return givenMirror(given);
  const mirrors = roots.flatMap((root) => mirrorsBelow(root, DEPTH)).map((directory) => new ProviderMirror(directory));
  const held = (mirror: ProviderMirror) => sources.filter((source) => mirror.holds(source)).length;
  const [best] = mirrors.sort((a, b) => held(b) - held(a));
  return best;
}

function givenMirror(directory: string): ProviderMirror {
  if (existsSync(join(directory, REGISTRY_FOLDER))) return new ProviderMirror(resolve(directory));
  throw new CommandError(`TF_PLUGIN_MIRROR=${directory} is no provider mirror: it has no folder ${REGISTRY_FOLDER}.`);
}

function mirrorsBelow(directory: string, depth: number): string[] {
  const folders = foldersIn(directory);
  if (folders.includes(REGISTRY_FOLDER)) return [directory];
  return depth === 0 ? [] : folders.flatMap((folder) => mirrorsBelow(join(directory, folder), depth - 1));
}

/** Subdirectories, symbolic links included, as a mirror is often a link. None when the directory cannot be read. */
function foldersIn(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && leadsToFolder(join(directory, entry.name))))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function leadsToFolder(link: string): boolean {
  return statSync(link, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** `aws` and `registry.terraform.io/hashicorp/aws` are both `hashicorp/aws`. */
function namespaceAndType(source: string): [string, string] {
  const [type = source, namespace = 'hashicorp'] = source.split('/').reverse();
  return [namespace, type];
}
