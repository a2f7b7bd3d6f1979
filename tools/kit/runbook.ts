import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlocks, ROOT } from './documents';

/** Shell commands of one section of the runbook, as they stand there. */
export interface ShellBlock {
  readonly section: string;
  readonly script: string;
}

/** The pages whose commands run against a deployed pipeline. The rehearsals of `npx projen e2e` follow this order. */
const PAGES = [
  'operations',
  'how-to/roll-back',
  'how-to/rotate-the-api-key',
  'how-to/raise-limits',
  'how-to/restore-the-table',
];

export const RUNBOOK = PAGES.map((page) => readFileSync(join(ROOT, 'docs', `${page}.md`), 'utf8')).join('\n');

/** The pipeline's own tool; everything else is the AWS CLI's, or the shell's. */
const TOOL = 'npx payment-pipeline ';

/** The pages' shell blocks, in the order of the pages. */
export function shellBlocks(): ShellBlock[] {
  return RUNBOOK.split(/^(?=#{1,3} )/m).flatMap((text) => {
    const section = text.split('\n', 1)[0]!.replace(/^#+ /, '');
    return codeBlocks(text, 'sh').map((script) => ({ section, script }));
  });
}

/** Each command on a line of its own. */
export function commandsOf({ script }: ShellBlock): string[] {
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
