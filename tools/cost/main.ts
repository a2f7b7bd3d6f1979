import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { Option } from 'commander';
import { CommandError, EXIT, messageOf } from '../../src/cli/command-error';
import { reportOption, wholeNumber, writableFile, writeReport } from '../../src/cli/options';
import { program, runAsProcess } from '../../src/cli/program';
import { isColoured } from '../../src/cli/terminal';
import { BATCH_SIZE } from '../../src/contract/deployed-settings';
import { STACK_DIRECTORY, thisProject } from '../kit/project';
import { StackGraph, type StackJson } from '../kit/stacks/stack-graph';
import { STACK_FILE } from '../terraform/stack-file';
import { type Bill, billOf, dollars } from './bill';
import { billChart } from './charts';
import { DEFAULT_TRAFFIC } from './payment-parts';
import { PRICED_REGION, PRICES_AS_OF } from './prices';
import { readUsage } from './usage';

const MOST_PAYMENTS_PER_DAY = 1e9;

interface Options {
  readonly paymentsPerDay: number;
  readonly batchFill: number;
  readonly stack: string;
  readonly json?: string;
  readonly svg?: string;
}

export const cost = program('npx projen cost', {
  description: [
    'Show what the synthesized stack costs: a month, and a million payments, by part.',
    `Prices are those of ${PRICED_REGION} on ${PRICES_AS_OF}, in US dollars, without free tiers, discounts and taxes. What a payment uses was measured on the embedded pipeline; npx projen cost:measure measures it again. The fraud API isn't included.`,
  ],
  exitCodes: { success: 'computed', usageError: 'there is no such stack' },
  examples: [
    'npx projen synth && npx projen cost',
    'npx projen cost -- --payments-per-day 10000000 --batch-fill 5 --json cost.json',
    'npx projen cost -- --stack ../other/cdk.tf.json --svg cost.svg',
  ],
})
  .option(
    '--payments-per-day <n>',
    'evenly over the day',
    wholeNumber(1, MOST_PAYMENTS_PER_DAY),
    DEFAULT_TRAFFIC.paymentsPerDay,
  )
  .option(
    '--batch-fill <n>',
    'payments in an average batch: a FIFO queue has no batching window, so batches fill only under load',
    wholeNumber(1, BATCH_SIZE),
    DEFAULT_TRAFFIC.batchFill,
  )
  .addOption(
    new Option('--stack <file>', 'the synthesized stack, Terraform JSON').default(
      join(thisProject.root, STACK_DIRECTORY, STACK_FILE),
      'that of npx projen synth',
    ),
  )
  .addOption(reportOption())
  .addOption(new Option('--svg <file>', 'draw the parts').argParser(writableFile))
  .work(({ stack, json, svg, ...traffic }: Options, { stdout, stderr }) => {
    const bill = billOf(readStackGraph(stack), traffic, readUsage());
    stdout.write(`${render(bill, isColoured(stdout))}\n`);
    if (bill.not_priced.length > 0) stderr.write(`Not priced: ${bill.not_priced.join(', ')}.\n`);
    writeReport(json, bill);
    if (svg !== undefined) writeFileSync(svg, billChart(bill));
    return EXIT.success;
  });

/** @throws CommandError */
export function readStackGraph(file: string): StackGraph {
  try {
    return new StackGraph(JSON.parse(readFileSync(file, 'utf8')) as StackJson);
  } catch (error) {
    throw new CommandError(`There is no synthesized stack in ${file}: run \`npx projen synth\`. (${messageOf(error)})`);
  }
}

function render(bill: Bill, coloured: boolean): string {
  const { fixed_per_month: fixed, per_million_payments: payments } = bill;
  const table = new Table({ colAligns: ['left', 'right'], style: coloured ? {} : { head: [], border: [] } });
  const rows = (title: string, { total, parts }: Bill['fixed_per_month']) => [
    [title, usd(total)],
    ...Object.entries(parts)
      .sort(([, one], [, other]) => other - one)
      .map(([name, value]) => [`  ${name}`, usd(value)]),
  ];
  table.push(...rows('fixed, a month', fixed), ...rows('a million payments', payments), [
    `a month of ${bill.payments_per_day.toLocaleString('en-US')} payments a day`,
    usd(bill.per_month),
  ]);
  return table.toString();
}

function usd(value: number): string {
  return `USD ${dollars(value)}`;
}

if (require.main === module) runAsProcess(cost);
