import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STACK } from '../../src/app/settings';
import { type Command, EXIT, runAsProcess } from '../../src/cli/command';
import { UsageError } from '../../src/cli/options';
import { table } from '../simulate/mutants';
import { renderCoverage } from '../spec-coverage/render';
import { SECTIONS } from '../spec-coverage/sections';
import { withFigures } from './outages/figures';
import { readQueueSettings } from './outages/settings';

const ROOT = join(__dirname, '../..');
const GUARANTEES_BEGIN =
  '<!-- Written by `npx projen documents -- guarantees`, which runs the simulation on each mutant: edit nothing between these marks. -->\n';
const GUARANTEES_END = '<!-- End of what is written. -->';

interface Page {
  /** In docs. */
  readonly file: string;
  /** Takes the page as it is, and returns it as it should be. */
  readonly write: (page: string) => string | Promise<string>;
}

const PAGES: Readonly<Record<string, Page>> = {
  guarantees: { file: 'explanation/guarantees.md', write: withMutants },
  outages: {
    file: 'explanation/outages.md',
    write: (page) => withFigures(page, readQueueSettings(join(ROOT, 'cdktf.out/stacks', STACK, 'cdk.tf.json'))),
  },
  'spec-coverage': { file: 'spec/coverage.md', write: () => renderCoverage(SECTIONS) },
};

const HELP = `Writes the generated parts of the pages in docs: the simulation's table of mutants, the figures of outages, and the
coverage of the specification. The figures need a synthesized stack; the table takes some minutes.

Usage: npx projen documents [-- PAGE ...]

Pages: ${Object.keys(PAGES).join(', ')} (default: all)

Examples:
  npx projen documents
  npx projen documents -- outages

Exit codes: 0 written, 2 nothing was written. Behind npx projen every failure is 1.
`;

export const documents: Command = {
  help: HELP,
  run: async (args, { stdout }) => {
    const names = args.length === 0 ? Object.keys(PAGES) : args;
    const unknown = names.find((name) => PAGES[name] === undefined);
    if (unknown !== undefined)
      throw new UsageError(`There is no page ${unknown}: give any of ${Object.keys(PAGES).join(', ')}.`);
    for (const name of names) {
      const { file, write } = PAGES[name]!;
      const path = join(ROOT, 'docs', file);
      writeFileSync(path, await write(readFileSync(path, 'utf8')));
      stdout.write(`docs/${file} written\n`);
    }
    return EXIT.success;
  },
};

/** @throws Error when the page has lost its marks */
async function withMutants(page: string): Promise<string> {
  const [before, rest] = page.split(GUARANTEES_BEGIN);
  const after = rest?.split(GUARANTEES_END)[1];
  if (before === undefined || after === undefined)
    throw new Error(
      `docs/explanation/guarantees.md lacks the line "${GUARANTEES_BEGIN.trim()}", or "${GUARANTEES_END}".`,
    );
  return [before, GUARANTEES_BEGIN, (await table()).join('\n'), '\n', GUARANTEES_END, after].join('');
}

if (require.main === module) runAsProcess(documents);
