import { program, runAsProcess } from '../../src/cli/program';
import { approval, compare, drift, find, lock, unpack } from './apply-commands';
import { comment, digest, pack, vet } from './plan-commands';

export const planReview = program('npx projen plan:review', {
  description:
    'Make sure that what was reviewed is what is applied. Each command is a step of a workflow, and runs on a laptop, too.',
  exitCodes: { success: 'done', usageError: 'refused, or bad usage' },
  examples: ['npx projen plan:review compare --help', 'npx projen plan:review digest my.tfplan'],
}).eachCommandIsTask();
for (const command of [digest, vet, comment, pack, find, lock, compare, approval, unpack, drift])
  planReview.addCommand(command);

if (require.main === module) runAsProcess(planReview);
