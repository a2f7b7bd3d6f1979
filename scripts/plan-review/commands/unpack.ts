import { cpSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EXIT, type Command } from '../../../src/cli/command';
import { PLAN, unpack } from '../artifact';
import { fromUser, STACK } from '../saved-plan';
import { needed, onlyOne } from './options';

export const unpackPlan: Command = {
  help: `Puts a packed plan where "npx projen deploy" takes it from. Refuses one that is not as it was packed.

Usage: npx projen plan:review unpack --seal SEAL DIR

Options:
  --seal SEAL   as "pack" gave it out

Examples:
  npx projen plan:review unpack --seal sha256:… packed && npx projen deploy -- ${PLAN}

Exit codes: 0 in place, 2 refused. Behind npx projen every failure is 1.
`,
  run: (args, { stderr }) => {
    const { values, positionals } = parseArgs({ args, options: { seal: { type: 'string' } }, allowPositionals: true });
    const { stack, planFile, manifest } = unpack(fromUser(onlyOne('directory', positionals)), { seal: needed('--seal', values.seal) });
    rmSync(STACK, { recursive: true, force: true });
    cpSync(stack, STACK, { recursive: true });
    cpSync(planFile, fromUser(PLAN));
    stderr.write(`The plan of commit ${manifest.commit} is in ${PLAN}.\n`);
    return Promise.resolve(EXIT.fine);
  },
};
