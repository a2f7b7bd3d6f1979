import { build } from 'esbuild';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { REQUIRED_PROVIDERS } from '../../src/app/settings';
import { findProviderMirror } from '../terraform/provider-mirror';
import { terraformBinary } from '../terraform/terraform';
import type { Processes } from '../kit/processes';
import type { Steps } from '../kit/steps';
import { FakeGitHub } from '../plan-review/fixtures/fake-github';
import { Expressions } from './expressions';
import { Origin } from './origin';
import { Repository } from './repository';
import { Runner } from './runner';

const PROJECT = join(__dirname, '../..');
const CHECKOV = process.env.CHECKOV_BINARY ?? join(PROJECT, '.venv/bin/checkov');
const TSX = [process.execPath, join(PROJECT, 'node_modules/tsx/dist/cli.mjs')];

/** Part of the stack: what is quick to make, with the functions' code among it. The topic brings its key, its role and its log groups. */
const TARGETS = [
  'aws_sns_topic.payments_alerting_topic',
  'random_uuid.payments_release_id',
  'terraform_data.payments_release_id',
];

/** A scanner that finds each key, and that the text `$(crash)` ends. It is called with `--directory DIRECTORY` first. */
const PRETEND_CHECKOV = `
if grep -qF '$(crash)' "$2"/*; then echo Traceback >&2; exit 1; fi
findings=$(sed -n '/"aws_kms_key": {/,/^    }/s/^      "\\(.*\\)": {.*/{"check_id":"CKV_AWS_7","check_name":"Rotate it","resource":"aws_kms_key.\\1","file_line_range":[0,0]},/p' "$2"/*)
echo '{"results":{"failed_checks":['"\${findings%,}"']},"summary":{"passed":1,"failed":0,"parsing_errors":0,"checkov_version":"0"}}'`;

export interface Rehearsal {
  readonly steps: Steps;
  readonly processes: Processes;
  /** Directory of the emulator's Python environment, which the next run uses again. */
  readonly venv: string;
  /** Directory of the logs, which the next run replaces. */
  readonly logs: string;
  /** Gone after the run. */
  readonly temporary: string;
}

export function logOf({ logs }: Rehearsal, name: string): string {
  return join(logs, `${name}.log`);
}

/** What all worlds of a rehearsal share: the checkout as a repository, and GitHub's language. */
export interface Ground {
  readonly origin: Origin;
  readonly expressions: Expressions;
  /** Programs of the stories as one file each, which start at once. */
  readonly programs: { readonly review: string; readonly pretend: string };
}

export async function prepareGround({ temporary }: Rehearsal): Promise<Ground> {
  const origin = await Origin.from(PROJECT, join(temporary, 'origin'));
  const bundled = async (source: string, name: string) => {
    const outfile = join(temporary, `${name}.cjs`);
    await build({ entryPoints: [join(PROJECT, source)], outfile, bundle: true, platform: 'node', logLevel: 'silent' });
    return outfile;
  };
  const programs = {
    review: await bundled('tools/plan-review/main.ts', 'review'),
    pretend: await bundled('tools/rehearse/pretend-projen.ts', 'pretend'),
  };
  return { origin, expressions: await Expressions.load(), programs };
}

/** Opens a repository on a GitHub and an AWS of its own, in which Terraform works on the emulator. */
export async function realWorld(rehearsal: Rehearsal, ground: Ground, endpoint: string): Promise<Repository> {
  const directory = mkdtempSync(join(rehearsal.temporary, 'world-'));
  const mirror = findProviderMirror(Object.values(REQUIRED_PROVIDERS).map(({ source }) => source));
  const runs = 'exec sh -c "$2"; fi\nexec "$@"';
  return openWorld(rehearsal, ground, directory, {
    PATH: pathWith(directory, 'npx', `if [ "$1" = -c ]; then ${runs}`), // with -c projen asks it for the PATH
    AWS_ENDPOINT_URL: endpoint,
    ...(existsSync(CHECKOV) && { CHECKOV_BINARY: CHECKOV }),
    TERRAFORM_BINARY: preparedTerraform(directory),
    TF_CLI_ARGS_plan: TARGETS.map((target) => `-target=${target}`).join(' '),
    ...(mirror !== undefined && { TF_PLUGIN_MIRROR: mirror.directory }),
  });
}

/** Likewise, with stand-ins for AWS and Terraform that take no time. What belongs to the review of plans runs as it is. */
export async function pretendWorld(rehearsal: Rehearsal, ground: Ground): Promise<Repository> {
  const directory = mkdtempSync(join(rehearsal.temporary, 'world-'));
  const { review, pretend } = ground.programs;
  const cases = [
    'shift',
    'case "$1" in',
    `  plan:review) shift 2; cp ${review} tools/plan-review/main.cjs; exec node tools/plan-review/main.cjs "$@" ;;`,
    `  *) exec node ${pretend} ${accountsIn(directory)} "$@" ;;`,
    'esac',
  ].join('\n');
  const [terraform, checkov] = [join(directory, 'terraform'), join(directory, 'checkov')];
  program(checkov, PRETEND_CHECKOV);
  program(terraform, 'if [ "$2" = -json ]; then cat "$3"; else echo "a plan of topics"; fi');
  return openWorld(rehearsal, ground, directory, {
    PATH: pathWith(directory, 'npx', cases),
    CHECKOV_BINARY: checkov,
    TERRAFORM_BINARY: terraform,
  });
}

function accountsIn(directory: string): string {
  return join(directory, 'accounts');
}

async function openWorld(
  rehearsal: Rehearsal,
  ground: Ground,
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<Repository> {
  const github = new FakeGitHub();
  const { GITHUB_API_URL = '' } = await github.start();
  const origin = ground.origin.copyTo(join(directory, 'origin'));
  const machine = {
    temporary: directory,
    log: logOf(rehearsal, 'rehearsal'),
    processes: rehearsal.processes,
    github,
    origin,
    nodeModules: join(PROJECT, 'node_modules'),
    expressions: ground.expressions,
    environment: {
      HOME: directory,
      TMPDIR: directory,
      CI: 'true',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      GITHUB_API_URL,
      GITHUB_SERVER_URL: 'https://github.example',
      ...environment,
    },
  };
  return new Repository(new Runner(machine), accountsIn(directory));
}

/** A PATH with one program before all others. npx itself takes a second to find what is installed. */
function pathWith(directory: string, name: string, shell: string): string {
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  program(join(bin, name), `export PATH="$PWD/node_modules/.bin:$PATH"\n${shell}`);
  return `${bin}:${process.env.PATH ?? ''}`;
}

function program(file: string, shell: string): void {
  writeFileSync(file, `#!/bin/sh\n${shell}\n`);
  chmodSync(file, 0o755);
}

function quoted(...words: string[]): string {
  return words.map((word) => `'${word}'`).join(' ');
}

/** Terraform, that prepares a directory before it initialises it with a state. */
function preparedTerraform(directory: string): string {
  const file = join(directory, 'terraform');
  const prepare = quoted(...TSX, join(__dirname, 'prepare-stack.ts'), join(directory, 'shared.tfstate'));
  const initialises = `case " $* " in *" -backend=false "*) ;; *) ${prepare} || exit ;; esac`;
  program(file, `if [ "$1" = init ]; then ${initialises}; fi\nexec '${terraformBinary()}' "$@"`);
  return file;
}
