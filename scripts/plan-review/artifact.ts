import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { filesIn } from '../terraform/fingerprint';
import { digestOf, type Meaning } from './meaning';
import { canonical, sha256 } from './stated';

const MANIFEST = 'manifest.json';
const MEANING = 'meaning.json';
const STACK = 'stack';

/** The saved plan, within the artifact and beside the project. */
export const PLAN = 'plan.tfplan';

/** What was kept is not what was put there. */
export class TamperedArtifactError extends Error {
  override readonly name = 'TamperedArtifactError';
}

/** There is no plan in the directory, or it is of another commit. */
export class NoSuchArtifactError extends Error {
  override readonly name = 'NoSuchArtifactError';
}

const manifest = v.strictObject({
  commit: v.string(),
  tree: v.string(),
  digest: v.string(),
  files: v.record(v.string(), v.string()),
});

export type Manifest = v.InferOutput<typeof manifest>;

/** A plan with all that it takes to compare it, and to apply it in another job. */
export interface Artifact {
  readonly manifest: Manifest;
  readonly meaning: Meaning;
  /** Where `deploy` expects it. */
  readonly stack: string;
  readonly planFile: string;
}

export interface Content {
  readonly commit: string;
  /** Of the files that were planned: a merge may have another commit, and the same ones. */
  readonly tree: string;
  readonly meaning: Meaning;
  readonly planFile: string;
  readonly stack: string;
}

/** @returns the seal, to be handed on by another way than the artifact itself */
export function pack(directory: string, { commit, tree, meaning, planFile, stack }: Content): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  cpSync(stack, join(directory, STACK), { recursive: true, filter: (file) => basename(file) !== '.terraform' });
  cpSync(planFile, join(directory, PLAN));
  writeFileSync(join(directory, MEANING), JSON.stringify(meaning));
  const files = Object.fromEntries(filesIn(directory).map((file) => [file, sha256(readFileSync(join(directory, file)))]));
  const content: Manifest = { commit, tree, digest: digestOf(meaning), files };
  writeFileSync(join(directory, MANIFEST), JSON.stringify(content, null, 2));
  return sealOf(content);
}

/** Of everything in the artifact. */
export function sealOf(content: Manifest): string {
  return `sha256:${sha256(canonical(content))}`;
}

/** @throws NoSuchArtifactError, TamperedArtifactError */
export function unpack(directory: string, expected: { readonly commit?: string; readonly seal?: string }): Artifact {
  if (!existsSync(join(directory, MANIFEST))) throw new NoSuchArtifactError(`There is no plan in ${directory}: the artifact was not downloaded, or has expired.`);
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), manifest), readFileSync(join(directory, MANIFEST), 'utf8'));
  if (!success) throw new TamperedArtifactError(`${join(directory, MANIFEST)} is no list of what the artifact holds: do not use it.`);
  if (expected.commit !== undefined && output.commit !== expected.commit) {
    throw new NoSuchArtifactError(`The plan in ${directory} is of commit ${output.commit}, not of ${expected.commit}.`);
  }
  if (expected.seal !== undefined && sealOf(output) !== expected.seal) {
    throw new TamperedArtifactError(`The artifact is not the one that was made: its seal is ${sealOf(output)}, and should be ${expected.seal}.`);
  }
  refuseOtherFiles(directory, output);
  const meaning = JSON.parse(readFileSync(join(directory, MEANING), 'utf8')) as Meaning;
  if (digestOf(meaning) !== output.digest) throw new TamperedArtifactError(`${MEANING} of the artifact has another digest than its manifest says: do not use it.`);
  return { manifest: output, meaning, stack: join(directory, STACK), planFile: join(directory, PLAN) };
}

function refuseOtherFiles(directory: string, { files }: Manifest): void {
  const there = filesIn(directory).filter((file) => file !== MANIFEST);
  const added = there.filter((file) => !Object.hasOwn(files, file));
  const changed = Object.keys(files).filter((file) => !there.includes(file) || sha256(readFileSync(join(directory, file))) !== files[file]);
  const wrong = [...added, ...changed];
  if (wrong.length > 0) throw new TamperedArtifactError(`The artifact was changed after it was made (${wrong.join(', ')}): do not use it.`);
}
