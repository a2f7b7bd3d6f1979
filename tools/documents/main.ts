import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument } from 'commander';
import { STACK } from '../../src/app/settings';
import { EXIT } from '../../src/cli/command-error';
import { program, runAsProcess } from '../../src/cli/program';
import { readMeasured } from '../bench/measured';
import { measuredChart, measuredTable } from './performance';
import { table } from '../simulate/mutants';
import { renderCoverage } from '../spec-coverage/render';
import { SECTIONS } from '../spec-coverage/sections';
import { withGenerated } from './generated';
import { backlogChart, limitsTable, plansTable, ratesTable, recoveryTable, throughputChart } from './capacity';
import { monthChart, partsChart } from './cost/charts';
import { billTable, leversTable, partsTables, pricesTable } from './cost/tables';
import { drillsTable } from './drills';
import { figures } from './outages/figures';
import { inFlightBounds, loadTable } from './outages/load';
import { readQueueSettings } from './outages/settings';
import { alarmsTable } from './runbooks';
import { constructPage, producerPage } from './reference/api';
import { environmentPage } from './reference/environment';
import { fraudApiPage } from './reference/fraud-api';
import { metricsAndAlarmsPage } from './reference/monitoring';
import { operatorsToolPage } from './reference/operators-tool';
import { failureCodesPage, messagePage, outcomePage, recordPage } from './reference/payment';
import { variablesAndOutputsPage } from './reference/variables-and-outputs';

const ROOT = join(__dirname, '../..');

interface Generated {
  /** Path relative to the project's root. */
  readonly file: string;
  /** @returns the page as it should be */
  readonly write: (page: string) => string | Promise<string>;
}

/** The generated part of each page in docs/reference. */
export const REFERENCE: Readonly<Record<string, () => string>> = {
  construct: constructPage,
  environment: environmentPage,
  'failure-codes': failureCodesPage,
  'fraud-api': fraudApiPage,
  'metrics-and-alarms': metricsAndAlarmsPage,
  'operators-tool': operatorsToolPage,
  'payment-message': messagePage,
  'payment-outcome': outcomePage,
  'payment-record': recordPage,
  producer: producerPage,
  'variables-and-outputs': variablesAndOutputsPage,
};

const COST = 'docs/explanation/cost.md';
const CAPACITY = 'docs/explanation/capacity.md';
const PLAN = 'docs/how-to/plan-capacity.md';

/** The tables of cost and capacity: their pages, by the names of their parts. */
export const COST_TABLES: Readonly<Record<string, readonly [file: string, rows: () => string]>> = {
  'cost-parts': [COST, partsTables],
  'cost-months': [COST, billTable],
  'cost-levers': [COST, leversTable],
  'cost-prices': [COST, pricesTable],
  'capacity-limits': [CAPACITY, limitsTable],
  'capacity-rates': [CAPACITY, ratesTable],
  'capacity-plans': [PLAN, plansTable],
};

/** The charts in docs/images that are computed. */
export const CHARTS: Readonly<Record<string, () => string>> = {
  'cost-parts': partsChart,
  'cost-months': monthChart,
  'capacity-throughput': throughputChart,
};

const PARTS: Readonly<Record<string, Generated>> = {
  guarantees: {
    file: 'docs/explanation/guarantees.md',
    write: async (page) => withGenerated(page, 'guarantees', (await table()).join('\n')),
  },
  outages: {
    file: 'docs/explanation/outages.md',
    write: (page) =>
      withGenerated(page, 'outages', figures(readQueueSettings(join(ROOT, 'cdktf.out/stacks', STACK, 'cdk.tf.json')))),
  },
  'in-flight': {
    file: 'docs/explanation/capacity.md',
    write: async (page) => withGenerated(page, 'in-flight', [inFlightBounds(), '', await loadTable()].join('\n')),
  },
  ...Object.fromEntries(
    Object.entries(COST_TABLES).map(([name, [file, rows]]) => [
      name,
      { file, write: (page: string) => withGenerated(page, name, rows()) },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(CHARTS).map(([name, write]) => [`${name}.svg`, { file: `docs/images/${name}.svg`, write }]),
  ),
  'capacity-recovery': {
    file: CAPACITY,
    write: async (page) => withGenerated(page, 'capacity-recovery', await recoveryTable()),
  },
  'capacity-backlog.svg': { file: 'docs/images/capacity-backlog.svg', write: () => backlogChart() },
  drills: {
    file: 'docs/how-to/practise-an-incident.md',
    write: (page) => withGenerated(page, 'drills', drillsTable()),
  },
  runbooks: {
    file: 'docs/runbooks/README.md',
    write: (page) => withGenerated(page, 'runbooks', alarmsTable()),
  },
  performance: {
    file: 'docs/explanation/performance.md',
    write: (page) => withGenerated(page, 'performance', measuredTable(readMeasured())),
  },
  'performance-chart': { file: 'docs/images/performance.svg', write: () => measuredChart(readMeasured()) },
  'spec-coverage': { file: 'docs/spec/coverage.md', write: () => renderCoverage(SECTIONS) },
  ...Object.fromEntries(
    Object.entries(REFERENCE).map(([name, text]) => [
      name,
      { file: `docs/reference/${name}.md`, write: (page: string) => withGenerated(page, name, text()) },
    ]),
  ),
};

export const documents = program('npx projen documents', {
  description:
    "Write the generated parts of the pages. These are the simulation's table of mutants, which takes some minutes, the figures of outages, which need a synthesized stack, the simulated outages under load, which take a minute, cost and capacity with their charts, of which two simulate for a minute, the fire drills, the list of alarms' runbooks, the measured comparisons, the coverage of the specification, and the pages in docs/reference, which need the bundles.",
  exitCodes: { success: 'written', usageError: 'nothing was written' },
  examples: ['npx projen documents', 'npx projen documents -- outages construct'],
})
  .addArgument(new Argument('[parts...]', 'the parts').choices(Object.keys(PARTS)).default(Object.keys(PARTS), 'all'))
  .work(async (_options, { stdout }, names: string[]) => {
    for (const { file, write } of names.map((name) => PARTS[name]!)) {
      const path = join(ROOT, file);
      writeFileSync(path, await write(readFileSync(path, 'utf8')));
      stdout.write(`${file} written\n`);
    }
    return EXIT.success;
  });

if (require.main === module) runAsProcess(documents);
