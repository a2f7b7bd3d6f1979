import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Project } from 'projen';
import { addWorkflows } from '../../projenrc/terraform-workflows';

/** The stages of a repository that has them. */
export const STAGES = { dev: 'dev', staging: 'production' } as const;

/** The files that stages change. */
const FILES = ['synth', 'plan', 'apply', 'destroy', 'drift'].map((name) => `.github/workflows/${name}.yml`);

/**
 * Writes the workflow files of a project with stages before production.
 * @param outdir an empty directory
 * @returns their texts, by their paths in the project
 */
export function stagedWorkflows(outdir: string): Record<string, string> {
  const project = new Project({ name: 'staged', outdir });
  addWorkflows(project, STAGES);
  project.synth();
  return Object.fromEntries(FILES.map((file) => [file, readFileSync(join(outdir, file), 'utf8')]));
}
