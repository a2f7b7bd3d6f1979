import { fork } from 'node:child_process';
import { loadCores } from '../simulate/core';
import { explore, type Exploration } from './explore';
import { SCENARIOS } from './scenarios';
import { CommandError } from '../../src/cli/command-error';
import { dueEvery } from '../../src/cli/progress';

/** The part of the exploration that a process does. */
interface Task {
  readonly scenario: string;
  readonly faults: number;
}

interface Message {
  /** States explored so far. */
  readonly states?: number;
  readonly exploration?: Exploration;
}

/** The states of the largest scenario take more than Node gives by itself on a small machine. */
const HEAP = '--max-old-space-size=6144';

/**
 * Explores a scenario in a process of its own. Ctrl-C reaches it too, and cuts the exploration short.
 * @param says hears from time to time how many states there are so far
 */
export function exploreInProcess(task: Task, says: (states: number) => void): Promise<Exploration> {
  return new Promise((resolve, reject) => {
    const child = fork(__filename, [], { execArgv: [...process.execArgv, HEAP] });
    let exploration: Exploration | undefined;
    child.on('message', (message: Message) => {
      if (message.states !== undefined) says(message.states);
      exploration ??= message.exploration;
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (exploration !== undefined) resolve(exploration);
      else
        reject(new CommandError(`The exploration of "${task.scenario}" ended with ${signal ?? `exit code ${code}`}.`));
    });
    child.send(task);
  });
}

/** The other side of it. */
async function work({ scenario, faults }: Task): Promise<void> {
  let isStopped = false;
  process.once('SIGINT', () => {
    isStopped = true;
  });
  const isDue = dueEvery(5_000);
  const goesOn = (states: number) => {
    if (isDue()) process.send?.({ states } satisfies Message);
    return !isStopped;
  };
  const one = SCENARIOS.find(({ name }) => name === scenario)!;
  const exploration = await explore({ ...one, faults }, await loadCores(), { goesOn });
  process.send?.({ exploration } satisfies Message, () => {
    process.disconnect();
  });
}

if (require.main === module) {
  process.once('disconnect', () => {
    process.exit();
  }); // the command has gone, or has the result
  process.once('message', (task: Task) => void work(task));
}
