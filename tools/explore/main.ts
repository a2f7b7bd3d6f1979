import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { EXIT, runAsProcess, type Command, type Terminal } from '../../src/cli/command';
import { mustBeWritable } from '../../src/cli/output-file';
import { UsageError, wholeNumber } from '../../src/cli/options';
import { type Cores, loadCores } from '../simulate/core';
import { type Exploration, replay } from './explore';
import { HEADER, lineOf, stories } from './report';
import type { Scenario } from './scenario';
import { SCENARIOS } from './scenarios';
import { exploreInProcess } from './worker';
import { pluralize } from '../kit/pluralize';

const MOST_FAULTS = 3;

const HELP = `Tries every schedule of small worlds: the code of both functions runs over models of the table, the queues and the
fraud API, and at each call every outcome is tried (answered, refused, answer lost, crash), and every process as the next
one to run. All invariants are judged after each step. At each state of rest an operator must be able to bring each account on.
Each core of the machine explores one world at a time.

Prints a line for each scenario: distinct states, moves between them, executions (sequences of moves from the start to an
end) and states of rest. A violation is told as a story. The result is always the same for the same code.

Usage: npx projen explore [--scenario NAME] [--faults N] [--choices LIST] [--json FILE]

Options:
  --scenario NAME  explore this scenario only
  --faults N       allow N faults in an execution instead of the scenario's number (0 to ${MOST_FAULTS})
  --choices LIST   make these moves only, and tell what happens; needs --scenario. A story ends with its list
  --json FILE      write the results as JSON

Examples:
  npx projen explore
  npx projen explore --faults 0
  npx projen explore --scenario "failure, hold" --json report.json

Scenarios:
${SCENARIOS.map(({ name, faults }) => `  ${name} (${pluralize(faults, 'fault')})`).join('\n')}

Exit codes: 0 everything holds, 1 something is violated, 2 bad usage, 130 ended by Ctrl-C. Behind npx projen every failure is 1.
`;

/** @param load the code for `--choices`; the processes load their own */
export function exploreCommand(load: () => Promise<Cores> = loadCores): Command {
  return {
    help: HELP,
    run: async (args, terminal) => {
      const { scenarios, choices, json } = readOptions(args);
      if (choices !== undefined) return tellAgain(scenarios[0]!, choices, await load(), terminal);
      const stopping = new AbortController();
      const stop = () => {
        stopping.abort();
      };
      process.once('SIGINT', stop);
      try {
        const explorations = await exploreAll(scenarios, terminal, stopping.signal);
        if (json !== undefined) writeFileSync(json, `${JSON.stringify(explorations, null, 2)}\n`);
        terminal.stdout.write(stories(explorations));
        if (explorations.some(({ findings }) => findings.length > 0)) return EXIT.failed;
        return stopping.signal.aborted ? EXIT.interrupted : EXIT.success;
      } finally {
        process.off('SIGINT', stop);
      }
    },
  };
}

/** Each line is written as soon as it and those before it are known. */
async function exploreAll(
  scenarios: readonly Scenario[],
  { stdout, stderr }: Terminal,
  signal: AbortSignal,
): Promise<Exploration[]> {
  const limit = pLimit(availableParallelism());
  stdout.write(`${HEADER}\n`);
  const all = scenarios.map(({ name, faults }) =>
    limit(() =>
      signal.aborted
        ? undefined
        : exploreInProcess({ scenario: name, faults }, (states) => stderr.write(`  ${name}: ${states} states\n`)),
    ),
  );
  const settled = Promise.allSettled(all); // what ends early with an error is heard of in its turn
  const explorations: Exploration[] = [];
  for (const one of all) {
    const exploration = await one;
    if (exploration === undefined) continue;
    stdout.write(`${lineOf(exploration)}\n`);
    explorations.push(exploration);
  }
  await settled;
  return explorations;
}

async function tellAgain(
  scenario: Scenario,
  choices: readonly number[],
  cores: Cores,
  { stdout }: Terminal,
): Promise<number> {
  const { steps, violations } = await replay(scenario, cores, choices);
  const verdict =
    violations.length === 0
      ? 'Nothing is violated.'
      : violations.map(({ invariant, what }) => `Violated: ${invariant}: ${what}.`).join('\n');
  stdout.write(`${[...steps, verdict].join('\n')}\n`);
  return violations.length === 0 ? EXIT.success : EXIT.failed;
}

function readOptions(args: string[]) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { scenario: text, faults: text, choices: text, json: text } });
  const named = SCENARIOS.filter(({ name }) => values.scenario === undefined || name === values.scenario);
  if (named.length === 0)
    throw new UsageError(
      `--scenario ${values.scenario ?? ''} must be one of ${SCENARIOS.map(({ name }) => `"${name}"`).join(', ')}.`,
    );
  if (values.choices !== undefined && values.scenario === undefined)
    throw new UsageError('--choices needs --scenario: the moves are those of one scenario.');
  if (values.choices !== undefined && !/^\d+(,\d+)*$/.test(values.choices))
    throw new UsageError(`--choices ${values.choices} must be whole numbers with commas between.`);
  if (values.json !== undefined) mustBeWritable(values.json);
  const faults = values.faults === undefined ? undefined : wholeNumber('--faults', values.faults, 0, 0, MOST_FAULTS);
  const scenarios = named.map((scenario) => (faults === undefined ? scenario : { ...scenario, faults }));
  return { scenarios, choices: values.choices?.split(',').map(Number), json: values.json };
}

if (require.main === module) runAsProcess(exploreCommand());
