import { program, runAsProcess } from '../../src/cli/program';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { takeSteps } from '../kit/steps';
import { runAll } from './run';

export const packageCheck = program('npx projen package:check', {
  description: [
    'Pack the npm package, and use it outside this project as its users do. The run looks into the package and installs it in other directories. ' +
      "There it runs the README's program as CommonJS and as ES module, two pipelines, a program that only sends payments, pnpm, and a link to a clone; " +
      "on the lowest Node that the package supports and on Lambda's, in jest and vitest, bundled by esbuild, with the newest versions of its dependencies; and with AWS provider 6, and CDK Terrain.",
    'Needs the npm registry. Packages are installed in a temporary directory, 4 GB at most, which is removed at the end.',
  ],
  exitCodes: { success: 'all held', failed: 'a step did not hold', usageError: 'nothing was judged' },
  examples: ['npx projen package:check'],
}).work((_options, { stdout, stderr }) =>
  inTemporaryDirectory((directory) => takeSteps(stdout, (steps) => runAll({ steps, directory, stderr }))),
);

if (require.main === module) runAsProcess(packageCheck);
