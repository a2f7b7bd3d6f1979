import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

const HEADING = 'The bundles beside this file contain code of the following packages, under their own licenses.';
const LICENSE_FILE = /^(licen[cs]e|notice|copying)/i;
/** The folder of the innermost package that a file is of. */
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The license texts of the packages whose code is in the bundles, each text once, with its packages. */
export function licensesOf(root: string, metafiles: readonly Metafile[]): string {
  const packagesOf = new Map<string, string[]>();
  for (const folder of bundledPackages(metafiles)) {
    const { name, text } = readPackage(join(root, folder));
    packagesOf.set(text, [...(packagesOf.get(text) ?? []), name]);
  }
  const sections = [...packagesOf].map(([text, names]) => `${names.join('\n')}\n\n${text}`);
  return [HEADING, ...sections].join(`\n\n${'-'.repeat(80)}\n\n`) + '\n';
}

function bundledPackages(metafiles: readonly Metafile[]): string[] {
  const inputs = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap((output) => Object.entries(output.inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([file]) => PACKAGE.exec(file) ?? []);
  return [...new Set(folders)].sort();
}

function readPackage(folder: string): { readonly name: string; readonly text: string } {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    'name' | 'version' | 'license',
    string
  >;
  const texts = readdirSync(folder)
    .filter((file) => LICENSE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return {
    name: `${name} ${version} (${license})`,
    text: texts.length > 0 ? texts.join('\n\n') : `Its package has no text of its license, ${license}.`,
  };
}
