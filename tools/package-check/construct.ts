import assert from 'node:assert/strict';
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { README_APP, README_PACKAGES } from '../kit/readme';
import type { StackJson } from '../kit/stacks/references';
import type { Packed } from '../package/package-file';
import { assertSameStack, type Difference, readStackOf } from './stacks';
import { TYPES_OF_NODE, UserProject } from './user-project';

export const PACKAGE = 'cdktf-payment-pipeline';
const STACK = 'payments';

/** Below the directory that has the packages, as in a workspace. */
export const APP = 'packages/payments';

/** The values in the README's program, for which the project's own stack has variables. */
const GIVEN = { alert_email: 'payments-oncall@example.com', fraud_api_url: 'https://fraud.example.internal/check' };

/** A page's packages, of which the first is the tarball. */
export function packagesToInstall({ tarball }: Packed, packages = README_PACKAGES): string[] {
  return [tarball, ...packages.slice(1)];
}

export async function installConstruct(directory: string, packed: Packed): Promise<UserProject> {
  const project = new UserProject(directory);
  await project.npmInstall(...packagesToInstall(packed), TYPES_OF_NODE);
  project.writeProgram(`${APP}/app`, README_APP);
  return project;
}

export async function compileApp(project: UserProject): Promise<void> {
  await project.checkTypes(`${APP}/app`);
  await project.compile(`${APP}/app`, { skipLibCheck: false });
}

/** Runs the compiled program. @param differences from the project's own stack @returns how much of its stack was compared */
export async function runApp(
  project: UserProject,
  extension: 'cjs' | 'mjs',
  own: StackJson,
  differences?: readonly Difference[],
): Promise<string> {
  const outdir = join(project.directory, `${extension}.out`);
  await project.run([`${APP}/app.${extension}`], { CDKTF_OUTDIR: outdir });
  const compared = assertSameStack(readStackOf(outdir, STACK), own, GIVEN, differences);
  rmSync(outdir, { recursive: true });
  return compared;
}

/** The compiled programs of one project in another, where the packages lie otherwise. */
export function copyApp(from: UserProject, to: UserProject): void {
  cpSync(join(from.directory, APP), join(to.directory, APP), { recursive: true });
}

/** A project with the layout of `npm link`: a link to a clone, which has packages of its own beside it. */
export function linkedProject(directory: string, packed: Packed, clone: UserProject, user: UserProject): UserProject {
  const project = new UserProject(join(directory, 'user'));
  const linked = join(directory, 'clone');
  cpSync(packed.directory, linked, { recursive: true });
  symlinkSync(join(clone.directory, 'node_modules'), join(linked, 'node_modules'));
  const packages = join(project.directory, 'node_modules');
  mkdirSync(packages);
  for (const peer of ['cdktf', 'constructs', '@cdktf'])
    symlinkSync(join(user.directory, 'node_modules', peer), join(packages, peer));
  symlinkSync(linked, join(packages, PACKAGE));
  return project;
}

/** @returns the sentence */
export async function missingBundle(project: UserProject): Promise<string> {
  const assets = join(project.directory, 'node_modules', PACKAGE, 'assets');
  renameSync(assets, `${assets}-gone`);
  const { code, stderr } = await project.node([`${APP}/app.cjs`], {
    CDKTF_OUTDIR: join(project.directory, 'gone.out'),
  });
  renameSync(`${assets}-gone`, assets);
  const sentence =
    /^MissingBundleError: (There is no .*payment-processor.index\.mjs: install cdktf-payment-pipeline again.*)$/m.exec(
      stderr,
    )?.[1];
  assert.ok(code === 1 && sentence !== undefined, stderr);
  return sentence;
}
