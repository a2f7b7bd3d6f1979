#!/usr/bin/env node
import './supported-node';
import { CommanderError } from 'commander';
import { EXIT, exitCodeOf, isColoured, ownArguments } from '../cli/command';
import { refuseOptionsAsValues } from '../cli/options';
import { colours, escaped, escapedLines, shownJson } from '../cli/escaped-text';
import { opsCommand } from './commands';
import { connect } from './connect';
import type { CommonOptions, Work } from './options';
import { findPipeline } from './pipeline';
import { outputWidth } from './table';
import { InterruptedError, interruptible, type OpsTerminal } from './terminal';

/** @returns the process's exit code */
export async function main(args: readonly string[], terminal: OpsTerminal): Promise<number> {
  let exitCode: number = EXIT.success;
  const run = async (options: CommonOptions, work: Work) => {
    const look = {
      full: options.full === true,
      colours: colours(isColoured(terminal.stdout)),
      width: outputWidth(terminal.stdout),
    };
    const services = await connect(findPipeline(options));
    const {
      json,
      text,
      exitCode: ended,
    } = await interruptible(terminal, (one) => work(services, look, one)).finally(services.close);
    const shown = options.json === true && json !== undefined ? shownJson(json, 2) : text;
    if (shown !== undefined) terminal.stdout.write(`${String(shown)}\n`);
    exitCode = ended;
  };
  const program = opsCommand(run);
  for (const command of [program, ...program.commands]) {
    command.configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(escapedLines(text)),
    });
  }
  try {
    const own = ownArguments(args);
    refuseOptionsAsValues(program.commands.find((command) => command.name() === own[0]) ?? program, own.slice(1));
    await program.parseAsync(own, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usageError;
    terminal.stderr.write(`${escaped(error instanceof Error ? error.message : String(error))}\n`);
    return error instanceof InterruptedError ? EXIT.interrupted : EXIT.usageError;
  }
}

if (require.main === module) {
  const { stdin, stdout, stderr } = process;
  void exitCodeOf(() => main(process.argv.slice(2), { stdin, stdout, stderr, signals: process })).then((code) => {
    process.exit(code); // at once, whatever is still under way
  });
}
