import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../src/cli/command-error';
import { program, runAsProcess } from '../../src/cli/program';
import { BATCH_SIZE } from '../../src/contract/deployed-settings';
import { STACK_DIRECTORY, thisProject } from '../kit/project';
import { STACK_FILE } from '../terraform/stack-file';
import { measureUsage } from './measurement';
import type { UsageFile } from './usage';

const USAGE_FILE = join(__dirname, 'usage.json');
const BATCHES = 40;
/** As many as a function decides in its first seconds. */
const WARM_UP = 20;

export const measure = program('npx projen cost:measure', {
  description: `Measure again what a payment uses, at batches of 1 to ${BATCH_SIZE}, and write tools/cost/usage.json. It takes some minutes, and needs the bundles and the stack.`,
  exitCodes: { success: 'written', usageError: 'nothing was written' },
  examples: ['npx projen bundle && npx projen synth && npx projen cost:measure'],
}).work(async (_options, { stdout }) => {
  const measured = (outcomes: boolean) =>
    measureUsage({
      stackFile: join(thisProject.root, STACK_DIRECTORY, STACK_FILE),
      bundle: join(thisProject.root, 'assets/payment-processor/index.mjs'),
      fills: Array.from({ length: BATCH_SIZE }, (_, index) => index + 1),
      outcomes,
      batches: BATCHES,
      warmUp: WARM_UP,
    });
  const usage: UsageFile = {
    measured_on: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`,
    batches: BATCHES,
    fills: await measured(false),
    fills_with_outcomes: await measured(true),
  };
  writeFileSync(USAGE_FILE, `${JSON.stringify(usage, null, 2)}\n`);
  stdout.write(`${USAGE_FILE} written\n`);
  return EXIT.success;
});

if (require.main === module) runAsProcess(measure);
