import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { REQUIRED_PROVIDERS } from '../../src/app/settings';
import { findProviderMirror } from '../terraform/provider-mirror';
import { terraformBinary } from '../terraform/terraform';
import { preparePython } from '../e2e/emulator/environment';
import { Emulator } from '../e2e/emulator/emulator';
import type { Processes } from '../kit/processes';
import type { Steps } from '../kit/steps';
import { FakeGitHub } from '../plan-review/fixtures/fake-github';
import { Expressions } from './expressions';
import { Origin } from './origin';
import { Runner } from './runner';

const PROJECT = join(__dirname, '../..');

/** Part of the stack: what is quick to make, with the functions' code among it. The topic brings its key, its role and its log groups. */
const TARGETS = [
  'aws_sns_topic.payments_alerting_topic',
  'random_uuid.payments_release_id',
  'terraform_data.payments_release_id',
];

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

export interface World {
  readonly emulator: Emulator;
  readonly github: FakeGitHub;
  readonly origin: Origin;
  readonly runner: Runner;
}

export function logOf({ logs }: Rehearsal, name: string): string {
  return join(logs, `${name}.log`);
}

/** An emulator for AWS, stand-ins for GitHub and its machines, and a repository with this checkout's files. */
export async function openWorld(rehearsal: Rehearsal): Promise<World> {
  const { processes, temporary, venv, steps } = rehearsal;
  const log = logOf(rehearsal, 'rehearsal-emulator');
  return steps.take('start the emulator, and stand-ins for GitHub', log, async (say) => {
    const python = await preparePython({ directory: venv, log, processes, say });
    const emulator = await Emulator.start({ python, directory: temporary, log, processes });
    steps.failOn(emulator.gone);
    const github = new FakeGitHub();
    const { GITHUB_API_URL = '' } = await github.start();
    const origin = await Origin.from(PROJECT, join(temporary, 'origin'));
    const environment = environmentFor(emulator.endpoint, GITHUB_API_URL, temporary, say);
    const machine = {
      temporary,
      log: logOf(rehearsal, 'rehearsal'),
      processes,
      github,
      environment,
      origin: origin.directory,
      project: PROJECT,
    };
    return { emulator, github, origin, runner: new Runner(machine, await Expressions.load()) };
  });
}

function environmentFor(
  endpoint: string,
  api: string,
  temporary: string,
  say: (line: string) => void,
): Record<string, string> {
  const mirror = findProviderMirror(Object.values(REQUIRED_PROVIDERS).map(({ source }) => source));
  if (mirror !== undefined) say(`the providers come from ${mirror.directory}; what it lacks has stand-ins`);
  const home = join(temporary, 'home');
  mkdirSync(home);
  return {
    PATH: `${quickNpx(temporary)}:${process.env.PATH ?? ''}`,
    HOME: home,
    TMPDIR: temporary,
    CI: 'true',
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    TERRAFORM_BINARY: preparedTerraform(temporary),
    TF_CLI_ARGS_plan: TARGETS.map((target) => `-target=${target}`).join(' '),
    ...(mirror !== undefined && { TF_PLUGIN_MIRROR: mirror.directory }),
    GITHUB_API_URL: api,
    GITHUB_SERVER_URL: 'https://github.example',
  };
}

/** npx itself takes a second to find what is installed. With -c projen asks it for the PATH. @returns the directory with it */
function quickNpx(temporary: string): string {
  const directory = join(temporary, 'bin');
  mkdirSync(directory);
  program(
    join(directory, 'npx'),
    'export PATH="$PWD/node_modules/.bin:$PATH"\nif [ "$1" = -c ]; then exec sh -c "$2"; fi\nexec "$@"',
  );
  return directory;
}

function program(file: string, shell: string): void {
  writeFileSync(file, `#!/bin/sh\n${shell}\n`);
  chmodSync(file, 0o755);
}

/** Terraform, that prepares a directory before it initialises it with a state. */
function preparedTerraform(temporary: string): string {
  const file = join(temporary, 'terraform');
  const prepare = [
    process.execPath,
    join(PROJECT, 'node_modules/tsx/dist/cli.mjs'),
    join(__dirname, 'prepare-stack.ts'),
    join(temporary, 'shared.tfstate'),
  ];
  const initialises = `case " $* " in *" -backend=false "*) ;; *) ${prepare.map((part) => `'${part}'`).join(' ')} || exit ;; esac`;
  program(file, `if [ "$1" = init ]; then ${initialises}; fi\nexec '${terraformBinary()}' "$@"`);
  return file;
}
