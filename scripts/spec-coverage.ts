import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderCoverage } from '../test/spec-coverage/render';
import { SECTIONS } from '../test/spec-coverage/sections';

const PAGE = 'docs/spec-coverage.md';

writeFileSync(join(__dirname, '..', PAGE), renderCoverage(SECTIONS));
process.stdout.write(`${PAGE} written\n`);
