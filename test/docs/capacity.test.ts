import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IN_FLIGHT_LIMIT, MESSAGE_GROUP_WINDOW } from '../../src/contract';
import { readGraph } from '../../tools/kit/stacks/stacks';
import { ROOT } from '../../tools/kit/documents';

interface Mapping {
  readonly scaling_config: { readonly maximum_concurrency: number };
  readonly batch_size: number;
}

interface Processor {
  readonly environment: { readonly variables: Readonly<Record<string, string>> };
}

interface Table {
  readonly global_secondary_index: readonly {
    readonly name: string;
    readonly hash_key: string;
    readonly range_key: string;
  }[];
}

const page = readFileSync(join(ROOT, 'docs/explanation/capacity.md'), 'utf8').replace(/\s+/g, ' ');
const graph = readGraph('deployed');

const { scaling_config, batch_size } = graph.only<Mapping>('aws_lambda_event_source_mapping');
const { GROUP_CONCURRENCY, RETRY_WAITS_SECONDS } = graph
  .all<Processor>('aws_lambda_function')
  .map(({ environment }) => environment.variables)
  .find((variables) => variables.FRAUD_API_TIMEOUT_MS !== undefined)!;

const batches = scaling_config.maximum_concurrency;

/** A DynamoDB quota: write units a second of one partition of a table or an index. */
const WRITES_PER_PARTITION = 1_000;
/** Index writes of a payment that is decided in its first attempt: `test/processor/core/write-units.test.ts`. */
const WRITES_OF_A_PAYMENT = 1;

const number = (value: number) => value.toLocaleString('en-US');

test('the fraud checks at a time are what the settings make them', () => {
  expect(batch_size).toBe(Number(GROUP_CONCURRENCY));
  expect(page).toContain(`${batches} x ${GROUP_CONCURRENCY} = ${batches * Number(GROUP_CONCURRENCY)} payments.`);
});

test('messages in flight reach their quota in an outage of the table at the rate that the page says', () => {
  const seconds = RETRY_WAITS_SECONDS!.split(',').reduce((sum, delay) => sum + Number(delay), 0);
  expect(page).toContain(
    `within ${Math.floor(seconds / 60)} minutes: ${number(IN_FLIGHT_LIMIT)} at ${Math.round(IN_FLIGHT_LIMIT / seconds)} payments a second`,
  );
});

test("the status index's partition takes what the page says", () => {
  const [index] = graph.only<Table>('aws_dynamodb_table').global_secondary_index;
  expect(index).toMatchObject({ name: 'status-timestamp-index', hash_key: 'payment_status', range_key: 'timestamp' });
  const ceiling = WRITES_PER_PARTITION / WRITES_OF_A_PAYMENT;
  expect(page).toContain(`| ${number(ceiling)}, or ${number(ceiling * 86_400)} a day |`);
});

describe('a deep backlog of one account', () => {
  const minutes = (seconds: number) => `${seconds < 600 ? (seconds / 60).toFixed(1) : Math.round(seconds / 60)} min`;
  const untilFull = (incoming: number, decided: number) =>
    incoming > decided ? minutes(MESSAGE_GROUP_WINDOW / (incoming - decided)) : 'never';

  test.each([
    ['20', 20],
    ['50', 50],
    ['100', 100],
    ['500', 500],
    ["3,000, the most that one account's partition takes: 300 calls of ten", 3_000],
  ])('of an account that sends %s a second', (told, incoming) => {
    expect(page).toContain(`| ${told} | ${[20, 1, 0].map((decided) => untilFull(incoming, decided)).join(' | ')} |`);
  });

  const { message_retention_seconds: kept } = graph.only<{ message_retention_seconds: number }>('aws_sqs_queue', {
    name: 'payment-processing.fifo',
  });

  test.each([
    ['50 ms', 0.05],
    ['200 ms', 0.2],
    ['1 s', 1],
    ['2 s', 2],
  ])('is decided when a payment takes %s', (told, seconds) => {
    const hours = ((MESSAGE_GROUP_WINDOW * seconds) / 3_600).toFixed(1);
    expect(page).toContain(`| ${told} | ${hours} h | ${number(kept / seconds)} |`);
  });

  test('the messages in flight', () => {
    expect(page).toContain(`| being processed | ${batches * batch_size} |`);
  });
});
