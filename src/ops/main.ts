#!/usr/bin/env node
import './supported-node';
import { CommanderError } from 'commander';
import { createColors } from 'picocolors';
import { EXIT, isColoured } from '../cli/command';
import { opsCommand, type Work } from './commands';
import { connect } from './connect';
import type { CommonOptions } from './options';
import { findPipeline } from './pipeline';
import type { OpsTerminal } from './terminal';

/** @returns the process's exit code */
export async function main(args: readonly string[], terminal: OpsTerminal): Promise<number> {
  let exitCode: number = EXIT.fine;
  const run = async (options: CommonOptions, work: Work) => {
    const look = { full: options.full === true, colours: createColors(isColoured(terminal.stdout)) };
    const services = await connect(findPipeline(options));
    const answer = await work(services, look, terminal).finally(services.close);
    terminal.stdout.write(`${options.json === true ? JSON.stringify(answer.json, null, 2) : answer.text}\n`);
    exitCode = answer.exitCode;
  };
  const program = opsCommand(run);
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ writeOut: (text) => terminal.stdout.write(text), writeErr: (text) => terminal.stderr.write(text) });
  }
  try {
    await program.parseAsync(args[0] === '--' ? args.slice(1) : args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.unusable;
    terminal.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.unusable;
  }
}

if (require.main === module) {
  const { stdin, stdout, stderr } = process;
  void main(process.argv.slice(2), { stdin, stdout, stderr, signals: process }).then((code) => {
    process.exitCode = code;
  });
}
