import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MESSAGE_GROUP_WINDOW } from '../../src/contract';
import { DEEP_BACKLOG } from '../../src/contract/message-group-window';
import { readEvent } from '../../src/dlq-processor/core/event';
import { WHAT_TO_DO } from '../../src/dlq-processor/core/patterns';
import { withGenerated } from '../../tools/documents/generated';
import { alarmsTable } from '../../tools/documents/runbooks';
import { rehearsedBlocks } from '../../tools/e2e/runbooks/rehearsals';
import { codeBlocks, pageText, ROOT } from '../../tools/kit/documents';
import {
  commandsOf,
  isOfTheAwsCli,
  isOfTheTool,
  OPERATIONS,
  RUNBOOK_PAGES,
  shellBlocks,
} from '../../tools/kit/runbooks';
import { readGraph } from '../../tools/kit/stacks/stacks';

interface Alarm {
  readonly alarm_name: string;
  readonly alarm_description: string;
}

interface Queue {
  readonly message_retention_seconds: number;
  /** As JSON. */
  readonly redrive_policy?: string;
}

interface LambdaFunction {
  readonly timeout: number;
  readonly environment: { readonly variables: Readonly<Record<string, string>> };
}

interface Dashboard {
  readonly widgets: readonly { readonly properties: { readonly title: string } }[];
}

const graph = readGraph('deployed');
const deployedAlarms = graph.all<Alarm>('aws_cloudwatch_metric_alarm');
/** With `hold`, with outcomes and in production there are more, which the deployed stack does not have. */
const complete = readGraph('everyAlarm');
const furtherAlarms = complete.all<Alarm>('aws_cloudwatch_metric_alarm');
const compositeAlarms = readGraph('outageAlarm').all<Alarm>('aws_cloudwatch_composite_alarm');
const alarms = [
  ...deployedAlarms,
  ...furtherAlarms.filter((alarm) => deployedAlarms.every(({ alarm_name }) => alarm_name !== alarm.alarm_name)),
  ...compositeAlarms.filter(({ alarm_name }) => alarm_name === 'alarm-payments-outage-dev'),
];

/** The sections of an alarm's page. */
const SHAPE = ['It means', 'Look here', 'Do this', 'Escalate'];
const FIRST_PAGE = pageText('docs/runbooks/README.md');
const DEAD_LETTERS = pageText('docs/runbooks/dead-letters.md');

const commands = shellBlocks().flatMap(commandsOf).join('\n');
const prose = OPERATIONS.replace(/^ *```.*?^ *```$/gms, '').replace(/\s+/g, ' ');

const everyMatch = (pattern: RegExp, text: string): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, found]) => found!)),
];

describe.each(alarms)('$alarm_name', ({ alarm_name, alarm_description }) => {
  const name = alarm_name.replace(/-dev$/, '');
  const [, meaning, command, file] = /^(.+\.) First run: (aws .+) -- Then follow (\S+)$/.exec(alarm_description)!;
  const page = () => pageText(file!);

  test('says what it means, the command to begin with, and its runbook', () => {
    expect(meaning!.length).toBeGreaterThan(40);
    expect(file).toBe(`docs/runbooks/${name}.md`);
    expect(codeBlocks(sectionOf(page(), 'Look here'), 'sh').flatMap(commandsOf)).toContain(command);
  });

  test('has a runbook that says what it means, where to look, what to do, and when to escalate', () => {
    expect(everyMatch(/^(#+ .+)$/gm, page())).toEqual([`# ${name}`, ...SHAPE.map((heading) => `## ${heading}`)]);
    expect(SHAPE.filter((heading) => sectionOf(page(), heading).split('\n').length < 4)).toEqual([]);
  });

  test('has a runbook with the same figures', () => {
    const told = everyMatch(/(\d[\d,]*)/g, sectionOf(page(), 'It means'));
    expect(told).toEqual(expect.arrayContaining(everyMatch(/(\d[\d,]*)/g, meaning!)));
  });

  test('has no double quotes in its description, which would break the HCL', () => {
    expect(alarm_description).not.toContain('"');
  });

  test('takes no longer a description than CloudWatch does, whatever the environment is called', () => {
    expect(alarm_description.replaceAll('-dev', `-${'x'.repeat(32)}`).length).toBeLessThanOrEqual(1_024);
  });
});

test('the first page lists the alarms; `npx projen documents -- runbooks` writes the list', () => {
  expect(withGenerated(FIRST_PAGE, 'runbooks', alarmsTable())).toBe(FIRST_PAGE);
});

test('each page about an alarm is about one that a stack has', () => {
  const about = RUNBOOK_PAGES.filter((file) => basename(file).startsWith('alarm-'));
  expect(about).toEqual(alarms.map(({ alarm_name }) => `docs/runbooks/${alarm_name.replace(/-dev$/, '')}.md`).sort());
});

test('the first page leads to each of the others', () => {
  const linked = everyMatch(/\]\(([\w-]+\.md)/g, FIRST_PAGE);
  expect(linked.sort()).toEqual(RUNBOOK_PAGES.map((file) => basename(file)).filter((name) => name !== 'README.md'));
});

const { message_retention_seconds, redrive_policy } = queue('payment-processing.fifo');
const kept = `${inWords(message_retention_seconds / 86_400)} days`;
const { maxReceiveCount } = JSON.parse(redrive_policy!) as { maxReceiveCount: number };
const [, longDelay] = lambda('payment-processor').environment.variables.RETRY_WAITS_SECONDS!.split(',').map(Number);

test.each([
  ['alarm-sqs-queue-depth', kept],
  ['alarm-sqs-oldest-message-age', kept],
  ['alarm-sqs-oldest-message-age', `${longDelay! / 60} minutes`],
  ['alarm-sqs-dlq-messages', `${queue('payment-processing-dlq.fifo').message_retention_seconds / 86_400} days`],
  ['alarm-lambda-error-rate', `${inWords(maxReceiveCount)} receives`],
  ['README', `${inWords(maxReceiveCount)} (\`maxReceiveCount\`)`],
  ['dead-letters', `${inWords(lambda('dlq-processor').timeout / 60)} minutes`],
  ['deep-backlog', kept],
  ['deep-backlog', `payment's ${inWords(maxReceiveCount)}`],
  ['deep-backlog', `fewer than ${MESSAGE_GROUP_WINDOW.toLocaleString('en-US')} messages`],
  ['deep-backlog', `${DEEP_BACKLOG.toLocaleString('en-US')} payments of one account`],
  ['deep-backlog', `${(DEEP_BACKLOG * 0.05) / 60} minutes at 50 ms`],
  ['deep-backlog', `${Math.round((DEEP_BACKLOG * 2) / 3_600)} hours at 2 s`],
  ['pause-and-resume', kept],
])('%s says "%s", as the stack has it', (page, figure) => {
  expect(pageText(`docs/runbooks/${page}.md`).replace(/\s+/g, ' ')).toContain(figure);
});

test('each command is of a kind that a test runs: the tool on the embedded services, the AWS CLI on the emulator', () => {
  const others = shellBlocks()
    .flatMap(commandsOf)
    .filter((command) => !isOfTheTool(command) && !isOfTheAwsCli(command));
  expect(others).toEqual([]);
  expect(rehearsedBlocks).not.toThrow();
});

const events = [...everyMatch(/--payload '([^']*)'/g, commands), ...everyMatch(/^(\{.*\})$/gm, OPERATIONS)];

test.each(events)('the DLQ processor takes the event %s', (event) => {
  expect(readEvent(JSON.parse(event))).toMatchObject({
    action: expect.stringMatching(/^(analyze|redrive|discard|resolve)$/) as string,
  });
});

test('there are events of each action', () => {
  expect(everyMatch(/"action":"(\w+)"/g, events.join()).sort()).toEqual(['analyze', 'discard', 'redrive', 'resolve']);
});

/** Options and arguments that name something of the stack. */
const NAMED =
  /(?:--(?:function-name|queue-name|table-name|source-table-name|index-name|name|key-id)|logs tail) ([^\s"$]+)/g;

test('what the commands name, the stack has, or an earlier command has made', () => {
  const made = everyMatch(/--target-table-name (\S+)/g, commands);
  const named = [...everyMatch(NAMED, commands), ...everyMatch(/([\w/.-]+(?:-dev|\.fifo))\b/g, OPERATIONS)];
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

test('the graphs that they speak of are on the dashboard', () => {
  const { dashboard_body } = complete.only<{ dashboard_body: string }>('aws_cloudwatch_dashboard');
  const titles = (JSON.parse(dashboard_body) as Dashboard).widgets.map(({ properties }) => properties.title);
  const told = everyMatch(/(?<!\*)\*([^*]+)\*(?!\*)/g, prose);
  expect(told.filter((title) => !titles.includes(title))).toEqual([]);
  expect(told).toContain('Fraud API: errors');
});

test('the log entries that they speak of are written', () => {
  const told = everyMatch(/"([A-Z][^"]+)"/g, prose.replaceAll(/`[^`]*`/g, ''));
  const sources = sourcesIn('src/processor');
  expect(told.filter((entry) => !sources.includes(`'${entry}'`))).toEqual([]);
  expect(told).toContain('Payments returned to the queue');
});

test('they say what to do about each pattern', () => {
  const rows = everyMatch(/^\| `([a-z_]+)` \|/gm, sectionOf(DEAD_LETTERS, 'Analyze'));
  expect(rows.sort()).toEqual(Object.keys(WHAT_TO_DO).sort());
});

test('the fields of the answer that they explain are answered', () => {
  const told = everyMatch(/^\| ((?:`\w+`(?:, )?)+) \|/gm, sectionOf(DEAD_LETTERS, 'Redrive')).flatMap((cell) =>
    everyMatch(/`(\w+)`/g, cell),
  );
  const sources = sourcesIn('src/dlq-processor/core');
  expect(told.filter((field) => !new RegExp(`readonly ${field}\\??:|[|=] '${field}'`).test(sources))).toEqual([]);
  expect(told).toEqual(expect.arrayContaining(['redriven', 'wouldFailAgain', 'unreachable']));
});

/** From the heading to the next one. */
function sectionOf(page: string, heading: string): string {
  const [section, ...others] = page
    .split(/^(?=#{2,3} )/m)
    .filter((part) => part.split('\n', 1)[0]!.replace(/^#+ /, '') === heading);
  expect([heading, others]).toEqual([heading, []]);
  return section ?? '';
}

function queue(name: string): Queue {
  return graph.only<Queue>('aws_sqs_queue', { name });
}

function lambda(name: string): LambdaFunction {
  return graph.only<LambdaFunction>('aws_lambda_function', { function_name: `lambda-${name}-dev` });
}

/** Below ten, as the pages have it. */
function inWords(value: number): string {
  return ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][value] ?? String(value);
}

function sourcesIn(folder: string): string {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.map((file) => pageText(join(folder, file))).join('\n');
}

function namesOfTheStack(): unknown[] {
  const tables = graph.all<{ name: string; global_secondary_index: readonly { name: string }[] }>('aws_dynamodb_table');
  const named = [
    ...['aws_sns_topic', 'aws_sqs_queue', 'aws_cloudwatch_log_group', 'aws_cloudtrail', 'aws_kms_alias'],
    'aws_cloudwatch_event_rule',
  ];
  return [
    ...named.flatMap((type) =>
      [graph, readGraph('outcomes')].flatMap((one) => one.all<{ name: string }>(type)).map(({ name }) => name),
    ),
    ...tables.flatMap(({ name, global_secondary_index }) => [
      name,
      ...global_secondary_index.map((index) => index.name),
    ]),
    ...graph.all<{ function_name: string }>('aws_lambda_function').map(({ function_name }) => function_name),
    ...graph.all<{ dashboard_name: string }>('aws_cloudwatch_dashboard').map(({ dashboard_name }) => dashboard_name),
  ];
}
