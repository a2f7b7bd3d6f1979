#!/usr/bin/env node
import './supported-node';
import { exitCodeOf } from '../cli/program';
import type { Terminal } from '../cli/terminal';
import { opsCommand } from './commands';

/** @returns the process's exit code */
export function main(args: readonly string[], terminal: Terminal): Promise<number> {
  return opsCommand().run(args, terminal);
}

if (require.main === module) {
  const { stdin, stdout, stderr } = process;
  void exitCodeOf(() => main(process.argv.slice(2), { stdin, stdout, stderr, signals: process })).then((code) => {
    process.exit(code); // at once, without waiting for calls in progress
  });
}
