import type { Exploration, Finding } from './explore';

/** Stories that are printed; more of them would hide the first. */
const MOST_STORIES = 3;

const COLUMNS = [30, 6, 10, 10, 10, 6] as const;

export const HEADER = row('scenario', 'faults', 'states', 'moves', 'executions', 'rests');

/** One line of the table: at most 80 characters. */
export function lineOf({
  scenario,
  faults,
  states,
  moves,
  executions,
  rests,
  findings,
  isComplete,
}: Exploration): string {
  const paths = executions < 1e7 ? String(executions) : executions.toExponential(1).replace('e+', 'e');
  const line = row(
    scenario,
    String(faults),
    String(states),
    String(moves),
    isComplete ? paths : 'cut short',
    String(rests),
  );
  return [line, ...findings.map(({ invariant }) => `  violated: ${invariant}`)].join('\n');
}

/** The stories of the first violations, each with the command that tells it again. */
export function stories(explorations: readonly Exploration[]): string {
  const all = explorations.flatMap(({ faults, findings }) => findings.map((finding) => ({ faults, finding })));
  const told = all.slice(0, MOST_STORIES).map(({ faults, finding }) => story(finding, faults));
  const rest = all.length - told.length;
  return [...told, ...(rest > 0 ? [`${rest} more: --json has them.\n`] : [])].join('\n');
}

function story({ scenario, invariant, what, steps, choices }: Finding, faults: number): string {
  return [
    `"${scenario}" violates "${invariant}": ${what}.`,
    ...steps.map((step) => `  ${step}`),
    `Again: npx projen explore --scenario "${scenario}" --faults ${faults} --choices ${choices.join(',')}`,
    '',
  ].join('\n');
}

function row(...cells: string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(COLUMNS[0]) : cell.padStart(COLUMNS[index]!))).join(' ');
}
