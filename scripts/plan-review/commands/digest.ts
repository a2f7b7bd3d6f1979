import { parseArgs } from 'node:util';
import { EXIT, type Command } from '../../../src/cli/command';
import { digestOf } from '../meaning';
import { readMeaning } from '../saved-plan';
import { onlyOne } from './options';

export const digest: Command = {
  help: `Prints the digest of what a plan does: the same for two plans that do the same, whenever, wherever and in whatever order
they say so. Values that are unknown count by the expression that will make them, sensitive ones by their hash.

Usage: npx projen plan:digest PLAN

PLAN is a saved plan, or what "terraform show -json" printed of it, in a file that ends in .json.

Examples:
  npx projen plan -- -out=my.tfplan && npx projen plan:digest my.tfplan
  npx projen plan:digest plan.json

Exit codes: 0 printed, 2 there is no such plan, or it cannot be compared. Behind npx projen every failure is 1.
`,
  run: async (args, { stdout }) => {
    const { positionals } = parseArgs({ args, options: {}, allowPositionals: true });
    stdout.write(`${digestOf(await readMeaning(onlyOne('plan', positionals)))}\n`);
    return EXIT.fine;
  },
};
