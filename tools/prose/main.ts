import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { EXIT, UsageError } from '../../src/cli/command-error';
import { pluralize } from '../../src/cli/pluralize';
import { program, runAsProcess } from '../../src/cli/program';
import { documents, ROOT } from '../kit/documents';
import { type Finding, lintPage } from './lint';

interface Options {
  readonly warnings?: true;
}

export const prose = program('npx projen prose', {
  description: [
    'Lint the prose of the pages. A word that the glossary or the Google developer documentation style replaces is an error, and so is a heading in title case.',
    'Long sentences and the passive voice are warnings. They are counted, and pass. The rules are in tools/prose.',
  ],
  exitCodes: { success: 'no errors', failed: 'errors', usageError: 'nothing was judged' },
  examples: ['npx projen prose', 'npx projen prose -- --warnings docs/README.md'],
})
  .argument('[pages...]', 'the pages; all if none is named')
  .option('--warnings', 'show the warnings as well')
  .work<Options, [string[]]>(async ({ warnings = false }, { stdout }, named) => {
    const pages = named.length > 0 ? named : documents().map(({ file }) => join(ROOT, file));
    const findings = (await Promise.all(pages.map(lint))).flat();
    for (const finding of findings) if (warnings || finding.level === 'error') stdout.write(`${lineOf(finding)}\n`);

    const errors = findings.filter(({ level }) => level === 'error').length;
    const counted = [pluralize(errors, 'error'), pluralize(findings.length - errors, 'warning')].join(', ');
    stdout.write(`${pluralize(pages.length, 'page')}: ${counted}\n`);
    return errors === 0 ? EXIT.success : EXIT.failed;
  });

function lint(page: string): Promise<Finding[]> {
  let text: string;
  try {
    text = readFileSync(page, 'utf8');
  } catch (error) {
    throw new UsageError(`${page} cannot be read.`, { cause: error });
  }
  return lintPage(relative('.', page), text);
}

function lineOf({ file, line, column, level, message }: Finding): string {
  return `${file}:${line}:${column} ${level} ${message}`;
}

if (require.main === module) runAsProcess(prose);
