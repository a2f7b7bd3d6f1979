import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Shell commands of one section of the runbook, as they stand there. */
export interface ShellBlock {
  readonly section: string;
  readonly script: string;
}

export const RUNBOOK = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');

/** The pipeline's own tool; everything else is the AWS CLI's, or the shell's. */
const TOOL = 'npx payment-pipeline ';

/** In the page's order. */
export function shellBlocks(): ShellBlock[] {
  const sections = RUNBOOK.split(/^(?=#{1,3} )/m).map((text) => ({
    heading: text.split('\n', 1)[0]!.replace(/^#+ /, ''),
    text,
  }));
  return sections.flatMap(({ heading, text }) =>
    [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, script]) => ({ section: heading, script: script! })),
  );
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
