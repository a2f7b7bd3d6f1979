import { Command, Option } from 'commander';
import type { PipelineOptions } from './pipeline';

/** What every command takes. */
export interface CommonOptions extends PipelineOptions {
  readonly json?: boolean;
  readonly full?: boolean;
}

/** As a person calls it: compiled, it is the package's own command. */
const CALL = __filename.endsWith('.js') ? 'npx payment-pipeline' : 'npx projen ops';

/** Printed under the help of the tool and of each command. */
const EXIT_CODES = `
Exit codes: 0 done, 1 the answer is no (as: no such payment), 2 it could not be asked (bad usage, no credentials, a wrong
region or name), 130 ended by Ctrl-C. Behind npx projen every failure is 1.`;

/** Asks for the work of one command; its options are read already. */
export type Run<TWork> = (options: CommonOptions, work: TWork) => Promise<void>;

/** The tool without its commands. */
export function opsProgram(): Command {
  return new Command(CALL)
    .usage('<command> [options]')
    .description(
      'Looks at a deployed pipeline, and helps when payments fail. Credentials, region and endpoints are those of the AWS SDK:\n' +
        'AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL. Account numbers are shortened unless --full is given.',
    )
    .helpCommand(false)
    .showHelpAfterError('Try --help.')
    .exitOverride();
}

/** Adds a command with the options that all have. */
export function addCommand(program: Command, usage: string, description: string, examples: readonly string[]): Command {
  return program
    .command(usage)
    .description(description)
    .addOption(new Option('--outputs <file>', 'find the pipeline by what "terraform output -json" wrote').conflicts(['environment', 'queueName']))
    .option('--pipeline <id>', 'which one, if the outputs have several')
    .option('--environment <name>', 'find it by its names: its environment', 'dev')
    .option('--queue-name <name>', "its queue's, without .fifo", 'payment-processing')
    .option('--json', 'answer as JSON, for scripts')
    .option('--full', 'show account numbers, requests and releases in full')
    .addHelpText('after', helpOf(examples))
    .allowExcessArguments(false);
}

export function addExamples(program: Command, examples: readonly string[]): Command {
  return program.addHelpText('after', helpOf(examples));
}

function helpOf(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  ${CALL} ${example}\n`).join('')}${EXIT_CODES}`;
}
