import type { Command } from 'commander';
import { addCommand, addExamples, type CommonOptions, opsProgram, type Run } from './options';
import { showPayment } from './payment';
import type { Services } from './services';
import type { Answer, Look } from './shown';

export type Work = (services: Services, look: Look) => Promise<Answer>;

/** The whole command line. Parsing it throws commander's error, prints the help, or runs one work. */
export function opsCommand(run: Run<Work>): Command {
  const program = opsProgram();
  addExamples(program, ['payment tx-1', 'payment tx-1 --outputs outputs.json --json']);
  addCommand(program, 'payment <id>', "One payment's way so far: its record, its history, and whether its account is held.", [
    'payment tx-1',
    'payment tx-1 --outputs outputs.json --full',
    'payment tx-1 --environment production --json',
  ]).action((id: string, options: CommonOptions) => run(options, (services, look) => showPayment(id, services, look)));
  return program;
}
