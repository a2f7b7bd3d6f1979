import { type Command, Option } from 'commander';
import { colours, shownJson } from '../cli/escaped-text';
import { wholeNumber } from '../cli/options';
import { Program, program } from '../cli/program';
import { interruptible, type InterruptibleTerminal, isColoured, type Terminal } from '../cli/terminal';
import { connect } from './connect';
import type { Answer, FormatOptions } from './format';
import { findLocalPipeline, findPipeline, type PipelineOptions, USUAL } from './pipeline';
import type { Services } from './services';
import { outputWidth, readable } from './table';

/** Options of every command. */
export interface CommonOptions extends PipelineOptions {
  readonly json?: boolean;
  readonly full?: boolean;
}

/** The program's name. As TypeScript it is the project's task, compiled the package's bin. */
const CALLED = __filename.endsWith('.ts') ? 'npx projen ops' : 'npx payment-pipeline';

/** The last part of every help. */
const EXIT_CODES = {
  exitCodes: {
    success: 'done',
    failed: 'the answer is no (as: no such payment)',
    usageError:
      'it could not be asked (bad usage, no credentials, a wrong region or name), or the answer could not be written (a full disk)',
    interrupted: 'interrupted by Ctrl-C',
  },
  note: 'What is asked for is done to its end even if nobody reads the output.',
};

/** The tool without its commands. */
export function opsProgram(): Program {
  return program(CALLED, {
    description: [
      'Inspect a deployed pipeline, and handle failed payments.',
      'The pipeline is found by its names, as --environment production, by --outputs FILE, or on this machine by --local. Account numbers are shortened unless --full is given.',
    ],
    lists: {
      Environment: {
        AWS_PROFILE: 'credentials, as the AWS SDK reads them; AWS_ACCESS_KEY_ID and others likewise',
        AWS_REGION: 'the region, unless --outputs says it',
        AWS_ENDPOINT_URL: 'where AWS is called, if not at its own endpoints',
        HTTPS_PROXY: 'the proxy to AWS; NO_PROXY lists the hosts that are called without it',
      },
    },
    ...EXIT_CODES,
    examples: examples([
      'status --environment production',
      'analyze --environment production',
      'redrive --environment production',
      'payment tx-1 --outputs outputs.json',
      '--local status',
      'redrive --help',
    ]),
  }).usage('<command> [options]');
}

/** Adds a command. Its own options come before the common ones. @param note on the exit codes */
export function addCommand(
  parent: Program,
  usage: string,
  description: string,
  exampleArguments: readonly string[],
  note?: string,
): Program {
  return parent.command(usage).describe({
    description,
    ...EXIT_CODES,
    ...(note !== undefined && { note: `${note} ${EXIT_CODES.note}` }),
    examples: examples(exampleArguments),
  });
}

function examples(exampleArguments: readonly string[]): string[] {
  return exampleArguments.map((example) => `${CALLED} ${example}`);
}

/** They stand before or after the command. */
function addLocalOptions(command: Command): void {
  command
    .option('--local', 'a pipeline on this machine, which "npx projen local" runs; AWS is not called')
    .option('--port <n>', 'port of the page of the local pipeline, if several run', wholeNumber(1, 65_535));
}

/** Adds the common options to every command that was added. */
export function addCommonOptions(parent: Program): void {
  addLocalOptions(parent);
  for (const command of parent.commands) {
    command
      .optionsGroup('Which pipeline:')
      .option(
        '--environment <name>',
        'name of its environment, in the region and AWS account of your settings',
        USUAL.environment,
      )
      .option('--queue-name <name>', 'name of its queue, without .fifo', USUAL.queueName)
      .addOption(
        new Option('--outputs <file>', 'take its names from this file, which "terraform output -json" wrote').conflicts(
          ['environment', 'queueName'],
        ),
      )
      .option('--pipeline <id>', 'its id, if the outputs have several pipelines');
    addLocalOptions(command);
    command
      .optionsGroup('Answer:')
      .option('--json', 'answer as JSON, for scripts')
      .option('--full', 'show account numbers, requests and releases in full');
  }
}

/** Does the work on the pipeline that the options name, and writes its answer. @returns the exit code */
export async function answer(
  options: CommonOptions,
  terminal: Terminal,
  work: (services: Services, format: FormatOptions, terminal: InterruptibleTerminal) => Promise<Answer>,
): Promise<number> {
  const { stdout } = terminal;
  const format = {
    full: options.full === true,
    colours: colours(isColoured(stdout)),
    width: outputWidth(stdout),
  };
  const services = await connect(options.local === true ? await findLocalPipeline(options) : findPipeline(options));
  const { json, text, exitCode } = await interruptible(terminal, (one) => work(services, format, one)).finally(
    services.close,
  );
  const shown =
    options.json === true && json !== undefined ? shownJson(json, 2) : text && readable(text, stdout, format);
  if (shown !== undefined) stdout.write(`${String(shown)}\n`);
  return exitCode;
}
