import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFigures } from './outages/figures';
import { readQueueSettings } from './outages/settings';
import { STACK } from '../src/app/settings';

const PAGE = 'docs/outages.md';

const root = join(__dirname, '..');
const page = join(root, PAGE);
writeFileSync(page, withFigures(readFileSync(page, 'utf8'), readQueueSettings(join(root, 'cdktf.out', 'stacks', STACK, 'cdk.tf.json'))));
process.stdout.write(`${PAGE} written\n`);
