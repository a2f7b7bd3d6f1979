import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  DECISIONS,
  fraudRequest,
  messageOf,
  parseFraudAnswer,
  parsePaymentMessage,
  type PaymentRecord,
  recordFaults,
  STATUSES,
  RESOLUTIONS,
  STATUS_OF_DECISION,
} from '../../../src/contract';
import { METRIC_NAMESPACE, resourceNames } from '../../../src/infrastructure/resource-names';
import { contractProtocol, FINAL_STATUSES } from '../../../src/processor/adapters/fraud-api-protocol';
import { HttpFraudApi } from '../../../src/processor/adapters/http-fraud-api';
import { withGenerated } from '../../../tools/documents/generated';
import { REFERENCE } from '../../../tools/documents/main';
import { cell, checkDefaults } from '../../../tools/documents/reference/api';
import { exportsOf } from '../../../tools/documents/reference/declarations';
import { codeBlocks, pageText, ROOT } from '../../../tools/kit/documents';

const pageOf = (name: string) => pageText(`docs/reference/${name}.md`);
const code = (text: string) => `\`${text}\``;

test.each(Object.entries(REFERENCE))(
  'docs/reference/%s.md is up to date; `npx projen documents` with its name writes it',
  (name, text) => {
    expect(withGenerated(pageOf(name), name, text())).toBe(pageOf(name));
  },
);

test('the list of pages names each', () => {
  const list = pageText('docs/README.md');
  const pages = readdirSync(join(ROOT, 'docs/reference'));
  expect(pages.filter((page) => !list.includes(`(reference/${page})`))).toEqual([]);
});

describe('the generator refuses', () => {
  const props = exportsOf('index.ts').find(({ name }) => name === 'PaymentPipelineProps')!.members;

  test('a docstring that names another default than the prop has', () => {
    const wrong = props.map((prop) =>
      prop.name === 'lambdaMemory' ? { ...prop, doc: { ...prop.doc, default: '512' } } : prop,
    );
    expect(() => {
      checkDefaults(wrong);
    }).toThrow('The docstring of lambdaMemory says that its default is 512, but it is 256.');
  });

  test('a public symbol without a docstring', () => {
    expect(() => cell({ of: 'Accepted.payment', text: '', details: [] })).toThrow('Accepted.payment has no docstring.');
  });

  test.each(['<!-- Written by', '<!-- End of'])('a page without its mark "%s"', (mark) => {
    const page = withGenerated(
      '<!-- Written by `npx projen documents -- one`: edit nothing between these marks. --><!-- End of one. -->',
      'one',
      'text',
    );
    expect(page).toContain('-->\ntext\n<!--');
    expect(() => withGenerated(page.replace(mark, ''), 'one', 'text')).toThrow('The page lacks a line that is "<!-- ');
  });
});

describe('the examples', () => {
  const [json = ''] = codeBlocks(pageOf('payment-message'), 'json');
  const payment = parsePaymentMessage(json);

  test('a payment message has every field', () => {
    const fields = exportsOf('contract/index.ts').find(({ name }) => name === 'PaymentMessage')!.members;
    expect(Object.keys(payment).sort()).toEqual(fields.map(({ name }) => name).sort());
  });

  test('the payment record is of that message, and has the fields of the table', () => {
    const page = pageOf('payment-record');
    const record = JSON.parse(codeBlocks(page, 'json')[0]!) as PaymentRecord;
    expect(messageOf(record)).toEqual(payment);
    expect(recordFaults(record)).toEqual([]);
    expect(record.history.at(-1)).toMatchObject({ status: record.payment_status, at: record.timestamp });
    expect(Object.keys(record).filter((field) => !page.includes(`\n| ${code(field)} |`))).toEqual([]);
  });

  test('the fraud API gets the request, header by header, and its answer is readable', async () => {
    const [request = '', answer = ''] = codeBlocks(pageOf('fraud-api'), 'http');
    const [head = '', body = ''] = request.trim().split('\n\n');
    const headers = head.split('\n').slice(1);
    let posted: { readonly headers: Readonly<Record<string, string>>; readonly body: string } | undefined;
    const telemetry = { fraudCheckLatency: () => undefined } as never;
    const api = new HttpFraudApi(
      { protocol: contractProtocol('https://fraud.example/check'), timeoutMs: 1_000, maxAttempts: 1 },
      {
        telemetry,
        clock: { now: () => 0 },
        random: () => 0,
        apiKey: { read: () => Promise.resolve('KEY'), refused: () => undefined },
        send: (sent) => {
          posted = sent;
          return Promise.resolve({ status: 200, headers: {}, body: Buffer.from(answer.split('\n\n')[1]!) });
        },
      },
    );
    const { signal } = new AbortController();

    const decided = await api.check(payment, { deadline: 1_000, lastReceive: false, signal });

    expect(Object.entries(posted!.headers).map(([name, value]) => `${name}: ${value}`)).toEqual(headers);
    expect(JSON.parse(posted!.body)).toEqual(JSON.parse(body));
    expect(JSON.parse(body)).toEqual(fraudRequest(payment));
    expect(decided).toEqual({ kind: 'decided', answer: parseFraudAnswer(answer.split('\n\n')[1]!) });
  });
});

describe('the handwritten parts', () => {
  test('the final answers of the fraud API are those that the processor takes as final', () => {
    const rows = pageOf('fraud-api').matchAll(/^\| ([\d, ]+) \| (final|transient) \|/gm);
    const final = [...rows].filter(([, , kind]) => kind === 'final').flatMap(([, codes]) => codes!.split(', '));
    expect(final.map(Number)).toEqual([...FINAL_STATUSES]);
    for (const decision of DECISIONS) expect(pageOf('fraud-api')).toContain(code(decision));
  });

  test('the transitions name every status, and the last ones as those that never change', () => {
    const rows = [
      ...pageOf('payment-record').matchAll(
        /^\| ([^|]+) \| ([^|]+) \| the payment processor|^\| ([^|]+) \| ([^|]+) \| an operator/gm,
      ),
    ];
    const [from, to] = [1, 2].map((column) => rows.map((row) => row[column] ?? row[column + 2]!).join());
    expect(STATUSES.filter((status) => !to!.includes(code(status)))).toEqual([]);
    const last = RESOLUTIONS.map((decision) => STATUS_OF_DECISION[decision]);
    expect(STATUSES.filter((status) => !from!.includes(code(status)))).toEqual(last);
    expect(pageOf('payment-record')).toContain(`${last.map(code).join(' and ')} never change.`);
  });

  test('the names of the metrics and the dashboard are those of the stack', () => {
    const names = resourceNames({ environment: 'dev', queueName: 'payment-processing' });
    const page = pageOf('metrics-and-alarms');
    const told = [METRIC_NAMESPACE, names.paymentProcessor.service, names.dashboard, names.alarm('sqs-queue-depth')];
    expect(told.filter((name) => !page.includes(code(name)))).toEqual([]);
  });
});
