import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DECISIONS, PAYMENT_STATUSES } from '../../src/contract';

const PAGE = readFileSync(join(__dirname, '../../docs/explanation/architecture.md'), 'utf8');
const code = (text: string) => `\`${text}\``;

test.each(DECISIONS)('the answers of the fraud API name the decision that leads to %s', (status) => {
  expect(PAGE).toContain(`${code(PAYMENT_STATUSES[status].decision)} (${code(status)})`);
});

test('the fields of a record name every status that the fraud API has decided', () => {
  expect(PAGE).toContain(`| ${DECISIONS.map(code).join(', ')} | ${code('fraud')}`);
});
