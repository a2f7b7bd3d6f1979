import { parseArgs } from 'node:util';
import { EXIT, runAsProcess, type Command } from '../../src/cli/command';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { StepError, Steps } from '../kit/steps';
import { runAll } from './run';

const HELP = `Packs the npm package, looks into it, installs it in directories outside this one, and uses it there as its users do: the
README's program as CommonJS and as ES module, two pipelines, a program that only sends payments, pnpm, a link to a clone; on the
lowest Node that it supports and on Lambda's, in jest and vitest, bundled by esbuild, with the newest versions of its dependencies.

Usage: npx projen package:check

Needs the npm registry. What is installed goes to a temporary directory, 3 GB at most, which is removed at the end.

Examples:
  npx projen package:check

Exit codes: 0 all held, 1 a step did not hold, 2 nothing was judged. Behind npx projen every failure is 1.
`;

export const packageCheck: Command = {
  help: HELP,
  run: async (args, { stdout, stderr }) => {
    parseArgs({ args, options: {} });
    return inTemporaryDirectory(async (directory) => {
      try {
        await runAll({ steps: new Steps(stdout), directory, stderr });
        stdout.write('All steps hold.\n');
        return EXIT.success;
      } catch (error) {
        if (!(error instanceof StepError)) throw error;
        stdout.write(`${error.message}\n`);
        return EXIT.failed;
      }
    });
  },
};

if (require.main === module) runAsProcess(packageCheck);
