import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlocks, pageText, ROOT } from './documents';

const RUNBOOKS = 'docs/runbooks';

/** Every page of the runbooks, by its path from the project's root. */
export const RUNBOOK_PAGES = readdirSync(join(ROOT, RUNBOOKS))
  .sort()
  .map((name) => `${RUNBOOKS}/${name}`);

/** The pages whose commands run against a deployed pipeline. The rehearsals of `npx projen e2e` follow this order. */
const PAGES = [
  ...RUNBOOK_PAGES,
  ...['roll-back', 'rotate-the-api-key', 'raise-limits', 'restore-the-table'].map((page) => `docs/how-to/${page}.md`),
];

/** The text of these pages. */
export const OPERATIONS = PAGES.map(pageText).join('\n');

/** The pipeline's own tool; everything else is the AWS CLI's, or the shell's. */
const TOOL = 'npx payment-pipeline ';

/** The blocks of shell commands, in the order of the pages. */
export function shellBlocks(): string[] {
  return codeBlocks(OPERATIONS, 'sh');
}

/** Each command on a line of its own. */
export function commandsOf(script: string): string[] {
  return script
    .replace(/\\\n\s*/g, '')
    .trim()
    .split('\n');
}

export function isOfTheTool(command: string): boolean {
  return command.startsWith(TOOL);
}

/** The AWS CLI's, alone or for a variable, and what clears up after it. */
export function isOfTheAwsCli(command: string): boolean {
  return /^(aws |[A-Z_]+=\$\(aws .*\)$|rm )/.test(command);
}
