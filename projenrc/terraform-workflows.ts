import type { Project } from 'projen';
import { APPLY, DESTROY } from './workflows/apply';
import { BUILD } from './workflows/build';
import { DRIFT } from './workflows/drift';
import { PLAN, SYNTH } from './workflows/plan';
import { RELEASE } from './workflows/release';
import { UPGRADE } from './workflows/upgrade';
import { addWorkflow } from './workflows/workflow-file';

const WORKFLOWS = {
  build: BUILD,
  synth: SYNTH,
  plan: PLAN,
  apply: APPLY,
  destroy: DESTROY,
  drift: DRIFT,
  release: RELEASE,
  upgrade: UPGRADE,
};

/** A pull request is built and planned; what was approved is what a merge applies; a person publishes the package. */
export function addWorkflows(project: Project): void {
  for (const [name, workflow] of Object.entries(WORKFLOWS)) addWorkflow(project, name, workflow);
}
