import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { filesIn } from '../terraform/fingerprint';
import { canonical, sha256 } from './normalize-values';
import { digestOf, type PlanSummary } from './plan-summary';
import { CommandError } from '../../src/cli/command-error';

const MANIFEST_FILE = 'manifest.json';
const SUMMARY_FILE = 'meaning.json';
const STACK_FOLDER = 'stack';

/** The saved plan's name, in the artifact and in the project's directory. */
export const PLAN_FILE = 'plan.tfplan';

/** The directory has no plan, or the plan of another commit. */
export class NoSuchArtifactError extends CommandError {}

const manifest = v.strictObject({
  commit: v.string(),
  tree: v.string(),
  digest: v.string(),
  files: v.record(v.string(), v.string()),
});

export type Manifest = v.InferOutput<typeof manifest>;

/** A plan with everything that another job needs to compare or apply it. */
export interface Artifact {
  readonly manifest: Manifest;
  readonly summary: PlanSummary;
  /** The stack's directory, as `deploy` expects it. */
  readonly stack: string;
  readonly planFile: string;
}

export interface PlanParts {
  readonly commit: string;
  /** Git's hash of the planned files: a merge may have another commit, and the same files. */
  readonly tree: string;
  readonly summary: PlanSummary;
  readonly planFile: string;
  readonly stack: string;
}

/** @returns the checksum, which must reach the other job separately from the artifact */
export function packPlan(directory: string, { commit, tree, summary, planFile, stack }: PlanParts): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  cpSync(stack, join(directory, STACK_FOLDER), { recursive: true, filter: (file) => basename(file) !== '.terraform' });
  cpSync(planFile, join(directory, PLAN_FILE));
  writeFileSync(join(directory, SUMMARY_FILE), JSON.stringify(summary));
  const files = Object.fromEntries(
    filesIn(directory).map((file) => [file, sha256(readFileSync(join(directory, file)))]),
  );
  const content: Manifest = { commit, tree, digest: digestOf(summary), files };
  writeFileSync(join(directory, MANIFEST_FILE), JSON.stringify(content, null, 2));
  return checksumOf(content);
}

/** The checksum of everything in the artifact. */
export function checksumOf(content: Manifest): string {
  return `sha256:${sha256(canonical(content))}`;
}

/** Checks an artifact, and reads it. @throws NoSuchArtifactError, CommandError */
export function unpackPlan(
  directory: string,
  expected: { readonly commit?: string; readonly checksum?: string },
): Artifact {
  if (!existsSync(join(directory, MANIFEST_FILE)))
    throw new NoSuchArtifactError(`There is no plan in ${directory}: the artifact was not downloaded, or has expired.`);
  const { success, output } = v.safeParse(
    v.pipe(v.string(), v.parseJson(), manifest),
    readFileSync(join(directory, MANIFEST_FILE), 'utf8'),
  );
  if (!success)
    throw new CommandError(`${join(directory, MANIFEST_FILE)} is no list of what the artifact holds: do not use it.`);
  if (expected.commit !== undefined && output.commit !== expected.commit) {
    throw new NoSuchArtifactError(`The plan in ${directory} is of commit ${output.commit}, not of ${expected.commit}.`);
  }
  if (expected.checksum !== undefined && checksumOf(output) !== expected.checksum) {
    throw new CommandError(
      `The artifact is not the one that was made: its seal is ${checksumOf(output)}, and should be ${expected.checksum}.`,
    );
  }
  refuseChangedFiles(directory, output);
  const summary = JSON.parse(readFileSync(join(directory, SUMMARY_FILE), 'utf8')) as PlanSummary;
  if (digestOf(summary) !== output.digest)
    throw new CommandError(`${SUMMARY_FILE} of the artifact has another digest than its manifest says: do not use it.`);
  return { manifest: output, summary, stack: join(directory, STACK_FOLDER), planFile: join(directory, PLAN_FILE) };
}

function refuseChangedFiles(directory: string, { files }: Manifest): void {
  const present = filesIn(directory).filter((file) => file !== MANIFEST_FILE);
  const added = present.filter((file) => !Object.hasOwn(files, file));
  const changed = Object.keys(files).filter(
    (file) => !present.includes(file) || sha256(readFileSync(join(directory, file))) !== files[file],
  );
  const wrong = [...added, ...changed];
  if (wrong.length > 0)
    throw new CommandError(`The artifact was changed after it was made (${wrong.join(', ')}): do not use it.`);
}
