import type { Project } from 'projen';
import { apply, destroy } from './workflows/apply';
import { BUILD } from './workflows/build';
import { drift } from './workflows/drift';
import { environmentsOf, type Stages } from './workflows/environments';
import { plan, synth } from './workflows/plan';
import { RELEASE } from './workflows/release';
import { UPGRADE } from './workflows/upgrade';
import { addWorkflow } from './workflows/workflow-file';

/**
 * A pull request is built and planned; what was approved is what a merge applies; a person publishes the package.
 * @param stages the environments that a merge is applied to before production
 */
export function addWorkflows(project: Project, stages: Stages = {}): void {
  const environments = environmentsOf(stages);
  const workflows = {
    build: BUILD,
    synth: synth(environments),
    plan: plan(environments),
    apply: apply(environments),
    destroy: destroy(environments),
    drift: drift(environments),
    release: RELEASE,
    upgrade: UPGRADE,
  };
  for (const [name, workflow] of Object.entries(workflows)) addWorkflow(project, name, workflow);
}
