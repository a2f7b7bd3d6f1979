import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILURE_CODES } from '../src/contract';
import { readEvent } from '../src/dlq-processor/core/event';
import { rehearsedBlocks } from '../tools/e2e/runbook/rehearsals';
import { commandsOf, isOfTheAwsCli, isOfTheTool, RUNBOOK as PAGE, shellBlocks } from '../tools/kit/runbook';
import { readGraph } from '../tools/kit/stacks/stacks';

const ROOT = join(__dirname, '..');

interface Alarm {
  readonly alarm_name: string;
  readonly alarm_description: string;
}

interface Dashboard {
  readonly widgets: readonly { readonly properties: { readonly title: string } }[];
}

const graph = readGraph('deployed');
const deployedAlarms = graph.all<Alarm>('aws_cloudwatch_metric_alarm');
/** The alarms with `hold`: one more than the deployed stack has. */
const holdAlarms = readGraph('hold').all<Alarm>('aws_cloudwatch_metric_alarm');
const alarms = [
  ...deployedAlarms,
  ...holdAlarms.filter((alarm) => deployedAlarms.every(({ alarm_name }) => alarm_name !== alarm.alarm_name)),
];

const commands = shellBlocks().flatMap(commandsOf).join('\n');
const prose = PAGE.replace(/^ *```.*?^ *```$/gms, '').replace(/\s+/g, ' ');

const everyMatch = (pattern: RegExp, text: string): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, found]) => found!)),
];

describe.each(alarms)('$alarm_name', ({ alarm_name, alarm_description }) => {
  const section = alarm_name.replace(/-dev$/, '');

  test('says what it means, and the command and the section of the runbook to begin with', () => {
    const [meaning, command, anchor] = /^(.+\.) First run: (aws .+) -- Then follow docs\/operations\.md#(.+)$/
      .exec(alarm_description)!
      .slice(1);
    expect(meaning!.length).toBeGreaterThan(40);
    expect(anchor).toBe(section);
    expect(sectionOf(section)).toContain(`\`\`\`sh\n${command!}\n`);
  });

  test('has a section that says what it means, where to look, what to do, and when to escalate', () => {
    const parts = everyMatch(/^\*\*(It means|Look here|Do this|Escalate)\b/gm, sectionOf(section));
    expect(parts).toEqual(['It means', 'Look here', 'Do this', 'Escalate']);
    expect(sectionOf(section)).toMatch(/Look here[^]*```sh\n[^]*Do this/);
  });

  test('has no double quotes in its description, which would break the HCL', () => {
    expect(alarm_description).not.toContain('"');
  });

  test("has a description within CloudWatch's limit, with any name of the environment", () => {
    expect(alarm_description.replaceAll('-dev', `-${'x'.repeat(32)}`).length).toBeLessThanOrEqual(1_024);
  });
});

test('no section is about an alarm that no stack has', () => {
  expect(everyMatch(/^### (alarm-\S+)$/gm, PAGE).sort()).toEqual(
    alarms.map(({ alarm_name }) => alarm_name.replace(/-dev$/, '')).sort(),
  );
});

test('each command is of a kind that a test runs: the tool on the embedded services, the AWS CLI on the emulator', () => {
  const others = shellBlocks()
    .flatMap(commandsOf)
    .filter((command) => !isOfTheTool(command) && !isOfTheAwsCli(command));
  expect(others).toEqual([]);
  expect(rehearsedBlocks).not.toThrow();
});

const events = [...everyMatch(/--payload '([^']*)'/g, commands), ...everyMatch(/^(\{.*\})$/gm, PAGE)];

test.each(events)('the DLQ processor takes the event %s', (event) => {
  expect(readEvent(JSON.parse(event))).toMatchObject({
    action: expect.stringMatching(/^(analyze|redrive|discard)$/) as string,
  });
});

test('there are events of each action', () => {
  expect(everyMatch(/"action":"(\w+)"/g, events.join()).sort()).toEqual(['analyze', 'discard', 'redrive']);
});

/** Options and arguments that name something of the stack. */
const NAMED =
  /(?:--(?:function-name|queue-name|table-name|source-table-name|index-name|name|key-id)|logs tail) ([^\s"$]+)/g;

test('what the commands name, the stack has, or an earlier command has made', () => {
  const made = everyMatch(/--target-table-name (\S+)/g, commands);
  const named = [...everyMatch(NAMED, commands), ...everyMatch(/([\w/.-]+(?:-dev|\.fifo))\b/g, PAGE)];
  const names = new Set([...made, ...namesOfTheStack()]);
  expect(named.filter((name) => !names.has(name))).toEqual([]);
  expect(named).toEqual(
    expect.arrayContaining([
      'lambda-dlq-processor-dev',
      'payment-status-dev',
      'payment-processing-dlq.fifo',
      'alias/payment-dynamodb-dev',
    ]),
  );
});

test('the graphs that it speaks of are on the dashboard', () => {
  const { dashboard_body } = graph.only<{ dashboard_body: string }>('aws_cloudwatch_dashboard');
  const titles = (JSON.parse(dashboard_body) as Dashboard).widgets.map(({ properties }) => properties.title);
  const told = everyMatch(/(?<!\*)\*([^*]+)\*(?!\*)/g, prose);
  expect(told.filter((title) => !titles.includes(title))).toEqual([]);
  expect(told).toContain('Fraud API: errors');
});

test('the log entries that it speaks of are written', () => {
  const told = everyMatch(/"([A-Z][^"]+)"/g, prose.replaceAll(/`[^`]*`/g, ''));
  const sources = sourcesIn('src/processor');
  expect(told.filter((entry) => !sources.includes(`'${entry}'`))).toEqual([]);
  expect(told).toContain('Payments returned to the queue');
});

test('it says what to do about each failure code', () => {
  const rows = everyMatch(/^\| ((?:`[A-Z_]+`(?:, )?)+) \|/gm, sectionOf('Failure codes'));
  expect(rows.flatMap((row) => everyMatch(/`(\w+)`/g, row)).sort()).toEqual([...FAILURE_CODES].sort());
});

test('the fields of the answers that it explains are answered', () => {
  const told = ['Analyze', 'Redrive']
    .flatMap((heading) => everyMatch(/^\| ((?:`\w+`(?:, )?)+) \|/gm, sectionOf(heading)))
    .flatMap((cell) => everyMatch(/`(\w+)`/g, cell));
  const sources = sourcesIn('src/dlq-processor/core');
  expect(told.filter((field) => !new RegExp(`readonly ${field}\\??:|[|=] '${field}'`).test(sources))).toEqual([]);
  expect(told).toEqual(expect.arrayContaining(['summary', 'wouldFailAgain', 'unreachable']));
});

function pageAt(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The text from the heading to the next one. */
function sectionOf(heading: string): string {
  const [section, ...others] = PAGE.split(/^(?=#{2,3} )/m).filter(
    (part) => part.split('\n', 1)[0]!.replace(/^#+ /, '') === heading,
  );
  expect([heading, others]).toEqual([heading, []]);
  return section ?? '';
}

function sourcesIn(folder: string): string {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.map((file) => pageAt(join(folder, file))).join('\n');
}

function namesOfTheStack(): unknown[] {
  const tables = graph.all<{ name: string; global_secondary_index: readonly { name: string }[] }>('aws_dynamodb_table');
  const named = ['aws_sqs_queue', 'aws_cloudwatch_log_group', 'aws_cloudtrail', 'aws_kms_alias'];
  return [
    ...named.flatMap((type) => graph.all<{ name: string }>(type).map(({ name }) => name)),
    ...tables.flatMap(({ name, global_secondary_index }) => [
      name,
      ...global_secondary_index.map((index) => index.name),
    ]),
    ...graph.all<{ function_name: string }>('aws_lambda_function').map(({ function_name }) => function_name),
    ...graph.all<{ dashboard_name: string }>('aws_cloudwatch_dashboard').map(({ dashboard_name }) => dashboard_name),
  ];
}
