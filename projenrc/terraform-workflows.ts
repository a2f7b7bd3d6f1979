import type { Project } from 'projen';
import { APPLY_WORKFLOW } from './workflows/apply';
import { BUILD } from './workflows/build';
import { DRIFT } from './workflows/drift';
import { PLAN } from './workflows/plan';
import { RELEASE } from './workflows/release';
import { addWorkflow } from './workflows/workflow-file';

/** A pull request is built and planned; what was reviewed is what a merge applies; a tag of a person publishes the package. */
export function addWorkflows(project: Project): void {
  addWorkflow(project, 'build', BUILD);
  addWorkflow(project, 'plan', PLAN);
  addWorkflow(project, 'apply', APPLY_WORKFLOW);
  addWorkflow(project, 'drift', DRIFT);
  addWorkflow(project, 'release', RELEASE);
}
