import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument } from 'commander';
import { STACK } from '../../src/app/settings';
import { EXIT } from '../../src/cli/command-error';
import { program, runAsProcess } from '../../src/cli/program';
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

export const documents = program('npx projen documents', {
  description:
    "Write the generated parts of the pages in docs. These are the simulation's table of mutants, which takes some minutes, the figures of outages, which need a synthesized stack, and the coverage of the specification.",
  exitCodes: { success: 'written', usageError: 'nothing was written' },
  examples: ['npx projen documents', 'npx projen documents -- outages'],
})
  .addArgument(new Argument('[pages...]', 'the pages').choices(Object.keys(PAGES)).default(Object.keys(PAGES), 'all'))
  .work(async (_options, { stdout }, names: string[]) => {
    for (const name of names) {
      const { file, write } = PAGES[name]!;
      const path = join(ROOT, 'docs', file);
      writeFileSync(path, await write(readFileSync(path, 'utf8')));
      stdout.write(`docs/${file} written\n`);
    }
    return EXIT.success;
  });

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
