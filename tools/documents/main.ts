import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STACK } from '../../src/app/settings';
import { type Command, EXIT, runAsProcess } from '../../src/cli/command';
import { UsageError } from '../../src/cli/options';
import { table } from '../simulate/mutants';
import { renderCoverage } from '../spec-coverage/render';
import { SECTIONS } from '../spec-coverage/sections';
import { withGenerated } from './generated';
import { figures } from './outages/figures';
import { readQueueSettings } from './outages/settings';
import { propsTable, variablesTable } from './props';

const ROOT = join(__dirname, '../..');

interface Generated {
  /** From the project's root. */
  readonly file: string;
  /** @returns the page as it should be */
  readonly write: (page: string) => string | Promise<string>;
}

const PARTS: Readonly<Record<string, Generated>> = {
  guarantees: {
    file: 'docs/explanation/guarantees.md',
    write: async (page) => withGenerated(page, 'guarantees', (await table()).join('\n')),
  },
  outages: {
    file: 'docs/explanation/outages.md',
    write: (page) =>
      withGenerated(page, 'outages', figures(readQueueSettings(join(ROOT, 'cdktf.out/stacks', STACK, 'cdk.tf.json')))),
  },
  props: { file: 'README.md', write: (page) => withGenerated(page, 'props', propsTable()) },
  'spec-coverage': { file: 'docs/spec/coverage.md', write: () => renderCoverage(SECTIONS) },
  variables: { file: 'docs/deploy.md', write: (page) => withGenerated(page, 'variables', variablesTable()) },
};

const HELP = `Writes the generated parts of the pages: the simulation's table of mutants, the figures of outages, the tables of props
and variables, and the coverage of the specification. The figures need a synthesized stack. The table of mutants takes some minutes.

Usage: npx projen documents [-- PART ...]

Parts: ${Object.keys(PARTS).join(', ')} (default: all)

Examples:
  npx projen documents
  npx projen documents -- outages

Exit codes: 0 written, 2 nothing was written. Behind npx projen every failure is 1.
`;

export const documents: Command = {
  help: HELP,
  run: async (args, { stdout }) => {
    const names = args.length === 0 ? Object.keys(PARTS) : args;
    const unknown = names.find((name) => PARTS[name] === undefined);
    if (unknown !== undefined)
      throw new UsageError(`There is no part ${unknown}: give any of ${Object.keys(PARTS).join(', ')}.`);
    for (const { file, write } of names.map((name) => PARTS[name]!)) {
      const path = join(ROOT, file);
      writeFileSync(path, await write(readFileSync(path, 'utf8')));
      stdout.write(`${file} written\n`);
    }
    return EXIT.success;
  },
};

if (require.main === module) runAsProcess(documents);
