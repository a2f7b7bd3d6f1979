import { Command, Option } from 'commander';
import type { PipelineOptions } from './pipeline';
import type { Services } from './services';
import type { Answer, FormatOptions } from './format';
import type { InterruptibleTerminal } from './terminal';

/** What every command takes. */
export interface CommonOptions extends PipelineOptions {
  readonly json?: boolean;
  readonly full?: boolean;
}

/** As TypeScript it is the project's task, compiled the package's bin. */
const IS_TASK = __filename.endsWith('.ts');
const CALLED = IS_TASK ? 'npx projen ops' : 'npx payment-pipeline';

/** Printed under the help of the tool and of each command. */
const EXIT_CODES = `
Exit codes: 0 done, 1 the answer is no (as: no such payment), 2 it could not be asked (bad usage, no credentials, a wrong
region or name), or the answer could not be written (a full disk), 130 interrupted by Ctrl-C. What is asked for is done to its
end even if nobody reads the output.${IS_TASK ? ' Behind npx projen every failure is 1.' : ''}`;

/** What one command does; its own options are read already. */
export type Work = (services: Services, look: FormatOptions, terminal: InterruptibleTerminal) => Promise<Answer>;

export type Run = (options: CommonOptions, work: Work) => Promise<void>;

/** The tool without its commands. */
export function opsProgram(): Command {
  return new Command(CALLED)
    .usage('<command> [options]')
    .description(
      'Looks at a deployed pipeline, and helps when payments fail. It is found by its names, as --environment production, or by --outputs FILE; ' +
        'credentials, region and endpoints are those of the AWS SDK: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL; a proxy is that of HTTPS_PROXY and NO_PROXY. ' +
        'Account numbers are shortened unless --full is given.',
    )
    .helpCommand(false)
    .showHelpAfterError('Try --help.')
    .exitOverride();
}

/** Adds a command; what it calls for is added to it before the options that all have. */
export function addCommand(program: Command, usage: string, description: string, examples: readonly string[]): Command {
  const command = program.command(usage).description(description).allowExcessArguments(false);
  return addExamples(command, examples);
}

export function addExamples(program: Command, examples: readonly string[]): Command {
  return program.addHelpText(
    'after',
    `\nExamples:\n${examples.map((example) => `  ${CALLED} ${example}\n`).join('')}${EXIT_CODES}`,
  );
}

/** To every command that was added. */
export function addCommonOptions(program: Command): void {
  for (const command of program.commands) {
    command
      .optionsGroup('Which pipeline:')
      .option(
        '--environment <name>',
        "by its names, in the region and account of your AWS settings: the environment's",
        'dev',
      )
      .option('--queue-name <name>', "and the queue's, without .fifo", 'payment-processing')
      .addOption(
        new Option('--outputs <file>', 'or by the file of "terraform output -json > FILE"').conflicts([
          'environment',
          'queueName',
        ]),
      )
      .option('--pipeline <id>', 'which one, if the outputs have several')
      .optionsGroup('Answer:')
      .option('--json', 'as JSON, for scripts')
      .option('--full', 'account numbers, requests and releases in full');
  }
}
