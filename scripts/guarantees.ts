import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../test/simulation/table';

const PAGE = join(__dirname, '../docs/guarantees.md');
const BEGIN = '<!-- Written by `npx tsx scripts/guarantees.ts`, which plants each bug: edit nothing between these marks. -->\n';
const END = '<!-- End of what is written. -->';

/** Writes the table of planted bugs anew. @throws Error when the page has lost its marks */
async function write(): Promise<void> {
  const [before, rest] = readFileSync(PAGE, 'utf8').split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`docs/guarantees.md lacks the line "${BEGIN.trim()}", or "${END}".`);
  writeFileSync(PAGE, [before, BEGIN, (await table()).join('\n'), '\n', END, after].join(''));
  process.stdout.write('docs/guarantees.md written\n');
}

void write();
