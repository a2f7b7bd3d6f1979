import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cost } from '../../../tools/cost/main';
import { unpricedTypes } from '../../../tools/cost/fixed-parts';
import { run } from '../../../tools/kit/command-run';
import { newDirectory } from '../../../tools/kit/new-directory';
import { StackGraph, type StackJson } from '../../../tools/kit/stacks/stack-graph';
import { STACKS_DIRECTORY } from '../../../tools/kit/stacks/template';

test('the report of the deployed stack', async () => {
  const json = join(newDirectory(), 'cost.json');
  const svg = join(newDirectory(), 'cost.svg');
  const { code, stdout, stderr } = await run(
    cost,
    '--payments-per-day',
    '10000000',
    '--batch-fill',
    '5',
    '--json',
    json,
    '--svg',
    svg,
  );
  expect([code, stderr]).toEqual([0, '']);
  const report = JSON.parse(readFileSync(json, 'utf8')) as Record<
    string,
    { total: number; parts: Record<string, number> }
  >;
  expect(report).toMatchObject({
    region: 'ap-southeast-1',
    prices_as_of: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    payments_per_day: 10_000_000,
    batch_fill: 5,
    per_month: expect.any(Number),
    not_priced: [],
  });
  for (const name of ['fixed_per_month', 'per_million_payments']) {
    const { total, parts } = report[name]!;
    const sum = Object.values(parts).reduce((all, value) => all + value, 0);
    expect(sum).toBeCloseTo(total);
    for (const part of Object.keys(parts)) expect(stdout).toContain(part);
  }
  expect(readFileSync(svg, 'utf8')).toMatch(/^<svg /);
});

test('another stack', async () => {
  const { code, stdout } = await run(cost, '--stack', join(STACKS_DIRECTORY, 'production.json'));
  expect([code, stdout]).toEqual([0, expect.stringContaining('interface endpoints')]);
});

test.each([
  [['--stack', '/nowhere/cdk.tf.json'], 'run `npx projen synth`'],
  [['--batch-fill', '11'], 'from 1 to 10'],
  [['--payments-per-day', '0'], 'from 1'],
])('%j is refused', async (args, says) => {
  const { code, stderr } = await run(cost, ...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
});

test('every type in the synthesized stacks has a price, or is known to cost nothing of its own', () => {
  const types = readdirSync(STACKS_DIRECTORY).flatMap((file) => {
    const { resource } = JSON.parse(readFileSync(join(STACKS_DIRECTORY, file), 'utf8')) as StackJson;
    return Object.keys(resource);
  });
  expect(types).toContain('aws_sns_topic_subscription');
  const resource = Object.fromEntries(types.map((type) => [type, { one: {} }]));
  expect(unpricedTypes(new StackGraph({ resource }))).toEqual([]);
});
