import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fakeProgram, run } from '../../../tools/kit/command-run';
import { newDirectory } from '../../../tools/kit/new-directory';
import { STACK_DIRECTORY } from '../../../tools/kit/project';
import { renderAssessment } from '../../../tools/plan-review/assessment';
import { planReview } from '../../../tools/plan-review/main';
import { STACK_FILE, writeStack } from '../../../tools/terraform/stack-file';

const QUEUES = { aws_sqs_queue: { q: { name: 'q' } } };
const KEYS = { aws_kms_key: { one: {}, two: {} } };

/** Reports a finding in each resource of the stack that it is given, and fails where there is more than it should read. */
const CHECKOV = `
  const { readdirSync, readFileSync } = require('fs');
  const [directory] = process.argv.slice(1);
  if (readdirSync(directory).length !== 1) throw new Error('files beside the stack');
  const { terraform, resource } = JSON.parse(readFileSync(directory + '/${STACK_FILE}', 'utf8'));
  if (terraform) throw new Error('required_version');
  const check = (type) => ({ check_id: type === 'aws_cloudtrail' ? 'CKV_AWS_252' : 'CKV_1', check_name: 'Encrypt it' });
  const failed_checks = Object.entries(resource).flatMap(([type, byName]) => Object.keys(byName).map((name) => (
    { ...check(type), resource: type + '.' + name, file_line_range: [0, 0] })));
  const summary = { passed: 1, failed: failed_checks.length, parsing_errors: 0, checkov_version: '1' };
  console.log(JSON.stringify({ results: { failed_checks }, summary }));`;

let [main, pull] = ['', ''];

beforeEach(() => {
  [main, pull] = [newDirectory(), newDirectory()];
  process.env.CHECKOV_BINARY = fakeProgram(`exec node -e "${CHECKOV}" "$2"`);
});

afterEach(() => {
  delete process.env.CHECKOV_BINARY;
});

function stackIn(root: string, resource: object, environment = 'production'): void {
  const directory = join(root, environment, STACK_DIRECTORY);
  mkdirSync(directory, { recursive: true });
  writeStack(directory, { terraform: { required_version: '>= 1.5' }, resource });
}

async function assessed(...environments: string[]): Promise<string[]> {
  const { code, stdout } = await run(planReview, 'assess', pull, main, ...environments);
  expect(code).toBe(0);
  return JSON.parse(/^assessment=(.*)\n$/.exec(stdout)![1]!) as string[];
}

test('a stack is priced beside that of main, by part, and each finding that main does not have is listed', async () => {
  stackIn(main, QUEUES);
  stackIn(pull, { ...QUEUES, ...KEYS });

  const prices = expect.stringMatching(/^Prices of ap-southeast-1 on \d{4}-\d\d-\d\d, at 1,000,000 payments a day/);
  expect(await assessed('production')).toEqual([
    'Costs 2.00 USD a month fixed (+2.00), 0.00 USD a million payments (+0.00)',
    '- encryption keys: 0.00 -> 2.00 USD a month fixed',
    'The policy scan finds what main does not have: 2',
    '- CKV_1 aws_kms_key.one: Encrypt it',
    '- CKV_1 aws_kms_key.two: Encrypt it',
    prices,
  ]);
});

test('each of several environments has a line of its own', async () => {
  for (const root of [main, pull]) for (const environment of ['dev', 'production']) stackIn(root, QUEUES, environment);
  stackIn(main, KEYS, 'dev');

  expect((await assessed('dev', 'production')).slice(0, -1)).toEqual([
    'dev: Costs 0.00 USD a month fixed (-2.00), 0.00 USD a million payments (+0.00)',
    '- encryption keys: 2.00 -> 0.00 USD a month fixed',
    'The policy scan finds what main does not have: 1',
    '- CKV_1 aws_sqs_queue.q: Encrypt it',
    'production: Costs 0.00 USD a month fixed (+0.00), 0.00 USD a million payments (+0.00)',
    'The policy scan finds nothing new.',
  ]);
});

test('what has no price, and what cannot be priced, is said', async () => {
  stackIn(main, QUEUES);
  stackIn(pull, { ...QUEUES, aws_nat_gateway: { n: {} } });
  expect(await assessed('production')).toContain('- no price is known of aws_nat_gateway');

  stackIn(pull, { aws_sqs_queue: { q: { name: '${aws_sqs_queue.none.name}' } } });
  expect((await assessed('production'))[0]).toMatch(/^The cost is not known: .*aws_sqs_queue\.none/);

  stackIn(pull, { aws_sqs_queue: { q: { name: '${aws_sqs_queue.q.name}' } } });
  expect((await assessed('production'))[0]).toMatch(/^The cost is not known: /);
});

test('without a stack of main, or without a scanner, it says so', async () => {
  stackIn(pull, QUEUES);
  const [cost, scan] = await assessed('production');
  expect([cost, scan]).toEqual([
    expect.stringMatching(/^The cost is not known: .*ENOENT/),
    expect.stringMatching(/^The policy scan failed: .*ENOENT/),
  ]);

  stackIn(main, QUEUES);
  process.env.CHECKOV_BINARY = fakeProgram('echo Traceback >&2; exit 2');
  expect((await assessed('production'))[1]).toMatch(
    /^The policy scan failed: checkov failed with exit code 2:\nTraceback/,
  );
});

test('findings of one environment leave room for the others', async () => {
  for (const root of [main, pull]) for (const environment of ['dev', 'production']) stackIn(root, QUEUES, environment);
  stackIn(
    pull,
    { aws_sqs_queue: Object.fromEntries(Array.from({ length: 99 }, (_, n) => [`q${n}${'x'.repeat(400)}`, {}])) },
    'dev',
  );
  const lines = await assessed('dev', 'production');

  expect(lines).toContain('The policy scan finds what main does not have: 99');
  expect(lines.filter((line) => line.startsWith('- CKV_1'))).toHaveLength(20);
  expect(Math.max(...lines.map(({ length }) => length))).toBe(300);
  expect(lines.join()).toContain('production: Costs');
});

test('what main accepts is no finding', async () => {
  stackIn(main, QUEUES);
  stackIn(pull, { ...QUEUES, aws_cloudtrail: { payments_audit_trail: {} } });

  expect(await assessed('production')).toContain('The policy scan finds nothing new.');
});

test('an assessment is shown as text, masked, and no longer than a comment may be', () => {
  expect(renderAssessment(JSON.stringify(['Costs 1', '- ### Plan ```, by 123456789012']))).toBe(
    'Compared with main:\n\n````\nCosts 1\n- ### Plan ```, by (account)\n````\n\n',
  );
  expect(renderAssessment(JSON.stringify(Array(1_000).fill('x'.repeat(100)))).length).toBeLessThan(21_000);
});

test.each(['', '{}', '[1]'])('the job that assesses has failed with %j', (json) => {
  expect(renderAssessment(json)).toMatch(/Neither the cost nor the findings of the policy scan are known/);
});
