import { ownArguments, runCommand, type Command, type Terminal } from '../../src/cli/command';
import { UsageError } from '../../src/cli/options';
import { approval, compare, drift, find, lock, unpack } from './apply-commands';
import { comment, digest, pack, vet } from './plan-commands';

export const COMMANDS: Readonly<Record<string, Command>> = {
  digest,
  comment,
  pack,
  vet,
  find,
  lock,
  compare,
  approval,
  unpack,
  drift,
};

const HELP = `The steps by which the workflows make sure that what was reviewed is what is applied. Each runs on a laptop, too.

Usage: npx projen plan:review COMMAND

Commands, each with its own --help:
  digest    the digest of what a plan does
  vet       puts in place a stack that a pull request has synthesized, if it may be planned
  comment   shows a plan to its reviewers
  pack      packs a plan for another job
  find      finds the plan that was reviewed with a pull request
  lock      plans again with the providers of the reviewed plan
  compare   does a plan do what was reviewed
  approval  refuses to leave a plan to an environment where nobody approves
  unpack    puts a packed plan in place, to be applied
  drift     keeps an issue open as long as AWS is not as main says

Examples:
  npx projen plan:review compare --help
  npx projen plan:review digest my.tfplan
`;

const overview: Command = {
  help: HELP,
  run: ([name = '']) => {
    throw new UsageError(`"${name}" is no command: it is one of ${Object.keys(COMMANDS).join(', ')}.`);
  },
};

/** @returns the exit code */
export function planReview(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '', ...rest] = ownArguments(args);
  if (!Object.hasOwn(COMMANDS, name)) return runCommand(overview, args, terminal);
  return runCommand(COMMANDS[name]!, rest, terminal);
}

if (require.main === module) {
  void planReview(process.argv.slice(2), process).then((code) => {
    process.exitCode = code;
  });
}
