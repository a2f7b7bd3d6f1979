import assert from 'node:assert/strict';
import { cpSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { thisProject } from '../kit/project';
import { PROVIDER_6_PACKAGES, TERRAIN_PACKAGES } from '../kit/readme';
import type { StackJson } from '../kit/stacks/references';
import { STACK_FILE } from '../terraform/stack-file';
import type { Packed } from '../package/package-file';
import { APP, copyApp, PACKAGE, packagesToInstall, runApp } from './construct';
import type { Difference } from './stacks';
import { STACK } from '../../src/app/settings';
import { TYPES_OF_NODE, type UserProject } from './user-project';

/** A CDK and providers with which a user may install the package, instead of the README's. */
export interface Ecosystem {
  readonly name: string;
  /** As the page about them installs them. */
  readonly packages: readonly string[];
  /** All differences of its stack from the project's own. The versions in `required_providers` aren't compared. */
  readonly differences: readonly Difference[];
}

/** AWS provider 6 has all arguments that the construct sets, so its attributes alone differ. */
const AWS_PROVIDER_6: readonly Difference[] = [
  {
    own: 'data.aws_region.current.name',
    users: 'data.aws_region.current.region',
    because: 'provider 6 deprecates the attribute, and provider 5 has no other',
  },
];

export const PROVIDER_6: Ecosystem = {
  name: 'CDKTF with AWS provider 6',
  packages: PROVIDER_6_PACKAGES,
  differences: AWS_PROVIDER_6,
};

export const TERRAIN: Ecosystem = {
  name: 'CDK Terrain',
  packages: TERRAIN_PACKAGES,
  differences: AWS_PROVIDER_6,
};

/** The options with which the package is compiled, as far as the native compiler needs them; and the types of the packages are checked. */
const OPTIONS = {
  target: 'es2022',
  lib: ['es2023', 'es2024.string'],
  module: 'node20',
  strict: true,
  exactOptionalPropertyTypes: true,
  types: ['node'],
  skipLibCheck: false,
};

/**
 * Installs the ecosystem's packages without force, checks the types of the construct's code and of a compiled program, and runs the program.
 * @param npm the project that has the program
 * @returns how much of its stack was compared
 */
export async function useEcosystem(
  { packages, differences }: Ecosystem,
  project: UserProject,
  packed: Packed,
  npm: UserProject,
  own: StackJson,
): Promise<string> {
  await project.npmInstall(...packagesToInstall(packed, packages), TYPES_OF_NODE);
  copyApp(npm, project);
  await project.checkTypesOf([`${APP}/app.mts`, `node_modules/${PACKAGE}/src/index.ts`], OPTIONS);
  return runApp(project, 'mjs', own, differences);
}

/** This project's own stack in CDK Terrain, with its state in S3. The package doesn't contain it. */
export async function synthesizeOwnStack(project: UserProject): Promise<void> {
  const lib = join(project.directory, 'node_modules', PACKAGE, 'lib');
  cpSync(join(thisProject.root, 'lib/app'), join(lib, 'app'), { recursive: true });
  const outdir = join(project.directory, 'own.out');
  await project.run([join(lib, 'app/main.js')], { CDKTF_OUTDIR: outdir, TF_STATE_BUCKET: 'states' });
  assert.match(readFileSync(join(outdir, 'stacks', STACK, STACK_FILE), 'utf8'), /"s3": \{[^}]*"use_lockfile": true/);
}

/** A stack of `cdktn` with the construct of `cdktf`. */
const STACK_OF_CDKTN = `
const { App, TerraformStack } = require('cdktn');
const { FraudApi, PaymentPipeline } = require('${PACKAGE}');
new PaymentPipeline(new TerraformStack(new App(), 'mixed'), 'payments', { fraudApi: FraudApi.url('https://fraud.example'), alertEmail: 'a@example.com' });
`;

/** Both kinds of mixing, without what npm may refuse. @returns the sentences */
export async function mixEcosystems(terrain: UserProject, cdktf: UserProject): Promise<string[]> {
  const within = (project: UserProject, name: string) => join(project.directory, 'node_modules', name);
  renameSync(within(terrain, 'cdktf'), within(terrain, 'cdktf-gone'));
  symlinkSync(within(cdktf, 'cdktf'), within(terrain, 'cdktf'));
  symlinkSync(within(terrain, 'cdktn'), within(cdktf, 'cdktn'));
  const runs = [await terrain.node(['-e', `require('${PACKAGE}')`]), await cdktf.node(['-e', STACK_OF_CDKTN])];
  rmSync(within(cdktf, 'cdktn'));
  return runs.map(({ code, stderr }) => {
    const sentence =
      /^MixedPeersError: (PaymentPipeline needs all packages of CDKTF, or all of CDK Terrain, .*)$/m.exec(stderr)?.[1];
    assert.ok(code === 1 && sentence !== undefined, stderr);
    return sentence;
  });
}
