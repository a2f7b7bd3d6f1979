import { program, runAsProcess } from '../../src/cli/program';
import { assess } from './assessment';
import { compare, drift, report } from './apply-commands';
import { show, vet } from './plan-commands';

export const planReview = program('npx projen plan:review', {
  description:
    'Make sure that what was reviewed is what is applied. Each command is a step of a workflow, and runs on a laptop, too.',
  exitCodes: { success: 'done', usageError: 'refused, or bad usage' },
  examples: ['npx projen plan:review compare --help', 'npx projen plan:review show --commit HEAD my.tfplan'],
}).eachCommandIsTask();
for (const command of [vet, assess, show, compare, report, drift]) planReview.addCommand(command);

if (require.main === module) runAsProcess(planReview);
