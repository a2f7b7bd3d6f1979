import { InvalidArgumentError } from 'commander';
import { EXIT, UsageError } from '../../src/cli/command-error';
import { choiceOption, reportOption, wholeNumber, writeReport } from '../../src/cli/options';
import { program, type Program, runAsProcess } from '../../src/cli/program';
import { interruptible } from '../../src/cli/terminal';
import { pluralize } from '../../src/cli/pluralize';
import { type Cores, loadCores } from '../simulate/core';
import { stories } from './report';
import { exploreAll, tellAgain } from './run';
import { SCENARIOS } from './scenarios';

interface Options {
  readonly scenario?: string;
  readonly faults?: number;
  readonly choices?: readonly number[];
  readonly json?: string;
}

/** @param load the code for `--choices`; the processes load their own */
export function exploreCommand(load: () => Promise<Cores> = loadCores): Program {
  return program('npx projen explore', {
    description: [
      'Try every schedule of small worlds. The code of both functions runs over models of the table, the queues and the fraud API. ' +
        'At each call every outcome is explored (answered, refused, answer lost, crash), and every process as the next one to run. ' +
        'All invariants are judged after each step. At each state of rest an operator must be able to bring each account on. ' +
        'Each core of the machine explores one world at a time.',
      'Prints a line for each scenario: distinct states, moves between them, executions (sequences of moves from the start to an end) and states of rest. ' +
        'A violation is told as a story. The result is always the same for the same code.',
    ],
    lists: { Scenarios: Object.fromEntries(SCENARIOS.map(({ name, faults }) => [name, pluralize(faults, 'fault')])) },
    exitCodes: {
      success: 'everything holds',
      failed: 'something is violated',
      usageError: 'bad usage',
      interrupted: 'ended by Ctrl-C',
    },
    examples: [
      'npx projen explore',
      'npx projen explore --faults 0',
      'npx projen explore --scenario "failure, hold" --json report.json',
    ],
  })
    .addOption(
      choiceOption(
        '--scenario <name>',
        'explore this scenario only',
        SCENARIOS.map(({ name }) => name),
      ),
    )
    .option(
      '--faults <n>',
      "allow N faults in an execution instead of the scenario's number (0 to 3)",
      wholeNumber(0, 3),
    )
    .option(
      '--choices <list>',
      'make these moves only, and tell what happens; needs --scenario. A story ends with its list',
      moves,
    )
    .addOption(reportOption())
    .work(async ({ scenario: only, faults, choices, json }: Options, terminal) => {
      const scenarios = SCENARIOS.filter(({ name }) => only === undefined || name === only).map((scenario) =>
        faults === undefined ? scenario : { ...scenario, faults },
      );
      if (choices !== undefined) {
        if (only === undefined)
          throw new UsageError('--choices needs --scenario: the moves are those of one scenario.');
        return tellAgain(scenarios[0]!, choices, await load(), terminal);
      }
      return interruptible(
        terminal,
        async ({ signal }) => {
          const explorations = await exploreAll(scenarios, terminal, signal);
          writeReport(json, explorations);
          terminal.stdout.write(stories(explorations));
          if (explorations.some(({ findings }) => findings.length > 0)) return EXIT.failed;
          return signal.aborted ? EXIT.interrupted : EXIT.success;
        },
        ['SIGINT'], // reaches the processes, too; SIGTERM does not, and ends this one
      );
    });
}

/** Reads the numbers of moves. */
function moves(list: string): number[] {
  if (/^\d+(,\d+)*$/.test(list)) return list.split(',').map(Number);
  throw new InvalidArgumentError('It must be whole numbers with commas between.');
}

if (require.main === module) runAsProcess(exploreCommand());
