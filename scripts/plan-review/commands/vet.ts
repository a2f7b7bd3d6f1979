import { cpSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT, type Command } from '../../../src/cli/command';
import { STACK_DIRECTORY, thisProject } from '../../deploy/project';
import { projectVariableFiles } from '../../deploy/variables';
import { fromUser, STACK } from '../saved-plan';
import { vetStack } from '../vetted-stack';
import { onlyOne } from './options';

export const vet: Command = {
  help: `Puts a stack that the code of a pull request has synthesized where it is planned, and the files with its variables; refuses one
that would run or read something when it is planned with credentials, which the project's own does not.

Usage: npx projen plan:review vet DIR

DIR holds ${STACK_DIRECTORY}, and *.tfvars if there are any.

Examples:
  npx projen plan:review vet synthesized && npx projen plan -- --synthesized

Exit codes: 0 in place, 2 refused. Behind npx projen every failure is 1.
`,
  run: (args) => {
    const { positionals } = parseArgs({ args, options: {}, allowPositionals: true });
    const from = fromUser(onlyOne('directory', positionals));
    const stack = join(from, STACK_DIRECTORY);
    vetStack(stack);
    replace(stack, STACK);
    for (const file of projectVariableFiles(thisProject.root)) rmSync(file);
    for (const file of projectVariableFiles(from)) replace(file, join(thisProject.root, basename(file)));
    return Promise.resolve(EXIT.fine);
  },
};

function replace(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}
