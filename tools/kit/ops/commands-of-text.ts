import { colours } from '../../../src/cli/escaped-text';
import { analyze } from '../../../src/ops/analyze';
import { listFailed } from '../../../src/ops/failed';
import { showPayment } from '../../../src/ops/payment';
import type { Services } from '../../../src/ops/services';
import type { Answer, FormatOptions } from '../../../src/ops/format';
import { showStatus } from '../../../src/ops/status';
import { readable } from '../../../src/ops/table';
import { interruptible, type InterruptibleTerminal } from '../../../src/cli/terminal';
import { work } from '../../../src/ops/bulk-operation';
import { audit } from '../../../src/ops/audit';
import { decide } from '../../../src/ops/resolve';
import { listReviews } from '../../../src/ops/reviews';
import { reconcile } from '../../../src/ops/reconcile';
import { send } from '../../../src/ops/send';
import type { FailedRecord, PaymentRecord } from '../../../src/contract';
import { aPayment, aRecord } from '../payments/payments';
import { verify } from '../../../src/ops/verify/verify';
import { fakeDeployment } from './fake-deployment';
import { soundState } from './sound-deployment';
import { fileOf, terminalOf } from './ops-bench';

/** Answers of AWS and the DLQ processor, with the text in every field. Numbers are texts too, because nothing checks the answer. */
export function servicesOf(text: () => string): Services {
  const record = () => ({
    ...aRecord(
      aPayment({ account_id: text(), beneficiary_id: text(), reference: text(), metadata: { [text()]: text() } }),
      {
        transaction_id: text(),
        timestamp: text(),
        payment_status: text() as 'FAILED',
        failure_code: text() as 'INVALID_JSON',
        failure_message: text(),
        dead_lettered_at: text(),
        release_id: text(),
        history_omitted: text() as unknown as number,
        fraud: { decision: text() as 'approve', score: text() as unknown as number, reasons: [text(), text()] },
        history: [
          {
            status: text() as 'FAILED',
            at: text(),
            attempt: text() as unknown as number,
            request_id: text(),
            release_id: text(),
            reason: text(),
            actor: text(),
          },
        ],
      },
    ),
  });
  const count = () => text() as unknown as number;
  const analysis = () => ({
    action: 'analyze',
    summary: text(),
    failedPayments: count(),
    byFailureCode: { [text()]: count() },
    byRelease: { [text()]: 1 },
    byAge: { [text()]: 1 },
    accounts: count(),
    byAccount: [{ accountHash: text(), failed: count(), exampleTransactionId: text() }],
    firstSeen: text(),
    lastSeen: text(),
    heldAccounts: {
      count: 3,
      more: false,
      longest: [
        {
          accountHash: text(),
          since: text(),
          waiting: 1,
          waitsFor: { transactionId: text(), state: text(), failureCode: text() },
        },
      ],
    },
    patterns: [{ kind: text(), subject: text(), failed: count(), exampleTransactionId: text(), whatToDo: text() }],
    alerted: [text()],
    alertError: text(),
    deadLetters: { visible: count(), inFlight: count() },
    sample: { messages: 1, counts: { [text()]: 1 }, unpublishedTransactionIds: [text()] },
    more: true,
    stoppedBy: text(),
  });
  const worked = () => ({
    action: 'redrive',
    dryRun: false,
    seen: 1,
    redriven: 1,
    discarded: 0,
    settled: 1,
    left: {
      wouldFailAgain: 1,
      waiting: 1,
      discardedBefore: 0,
      conflicting: 0,
      unreadable: 1,
      incomplete: 1,
      notSelected: 0,
    },
    leftIds: { wouldFailAgain: [text()], waiting: [text()], unreadable: Array.from({ length: 12 }, text) },
    waitsFor: [text()],
    unreachable: [text()],
    notFound: [text()],
    errors: { [text()]: 1 },
    deadLetters: null,
    more: false,
  });
  const resolved = () => ({
    action: 'resolve',
    decision: 'approve',
    actor: text(),
    dryRun: true,
    resolved: 1,
    resolvedBefore: 1,
    decidedOtherwise: 1,
    notInReview: 1,
    notFound: 12,
    ids: { resolved: [text()], notFound: Array.from({ length: 12 }, text) },
    errors: { [text()]: 1 },
    more: false,
  });
  return {
    payments: {
      place: text(),
      read: () => Promise.resolve(record()),
      held: () => Promise.resolve([{ transactionId: text(), sequenceNumber: '1', fingerprintStart: 'a' }] as never),
      heldAccounts: () => Promise.resolve({ count: 2, more: false, oldest: [{ account_id: text(), since: text() }] }),
      count: () => Promise.resolve({ count: count(), more: false }),
      failed: async function* () {
        yield [await Promise.resolve(record() as FailedRecord)];
      },
      changed: async function* () {
        yield await Promise.resolve(['tx-1']);
      },
      readMany: () => Promise.resolve(new Map([['tx-1', record()]])),
      inReview: async function* () {
        yield [await Promise.resolve(record() as FailedRecord)];
      },
    },
    dlqProcessor: {
      invoke: ({ action }) =>
        Promise.resolve(action === 'analyze' ? analysis() : action === 'resolve' ? resolved() : worked()),
    },
    paymentLog: {
      keptFrom: () => Promise.resolve(0),
      hashes: async function* () {
        yield [await Promise.resolve({ transactionId: 'of-no-record', hash: text() })];
      },
    },
    caller: () => Promise.resolve(text()),
    queues: () =>
      Promise.resolve(
        [1, 2].map(() => ({ name: text(), visible: count(), in_flight: count(), oldest_seconds: count() })),
      ),
    functions: () =>
      Promise.resolve(
        [1, 2].map(() => ({
          name: text(),
          state: text(),
          last_update: text(),
          last_modified: text(),
          release_id: text(),
        })),
      ),
    alarms: () =>
      Promise.resolve([1, 2].map(() => ({ name: text(), state: 'ALARM', since: text(), description: text() }))),
    accountHash: () => Promise.resolve({ unknown: text() }),
    throughput: () => Promise.reject(new Error('no metrics are asked for')),
    producer: () =>
      Promise.resolve({
        queueUrl: text(),
        async *stream(payments: AsyncIterable<never>) {
          for await (const payment of payments) yield { payment, status: 'refused', code: text(), reason: text() };
        },
      } as never),
    deployment: () => deploymentOf(text),
    close: () => undefined,
  };
}

/** A deployment with the text wherever a finding quotes what AWS answers. */
function deploymentOf(text: () => string) {
  const state = soundState();
  Object.assign(state.functions['payment-processor']!, { State: text(), StateReason: text(), FunctionName: text() });
  Object.assign(state.mappings[0]!, { State: text(), UUID: text(), FunctionResponseTypes: [text()] });
  Object.assign(state.queues['dead.fifo']!, { DeduplicationScope: text() });
  Object.assign(state.trailStatus, { LatestDeliveryError: text() });
  Object.assign(state.endpoints[0]!, { State: text(), ServiceName: text(), VpcEndpointId: text() });
  Object.assign(state.flowLogs[0]!, { FlowLogStatus: text(), DeliverLogsErrorMessage: text() });
  Object.assign(state.alarms[0]!, { AlarmName: text(), StateValue: 'ALARM', AlarmDescription: text() });
  for (const [subscription] of Object.values(state.subscriptions))
    Object.assign(subscription!, { SubscriptionArn: 'PendingConfirmation', Endpoint: text() });
  return fakeDeployment(state);
}

const options = { limit: 9 };
const payments = fileOf(JSON.stringify(aPayment()));
type Run = (services: Services, look: FormatOptions, terminal: InterruptibleTerminal) => Promise<Answer>;

/** Each command that ends by itself. */
export const COMMANDS: Readonly<Record<string, Run>> = {
  payment: (services, look) => showPayment('tx-1', services, look),
  failed: (services, look) => listFailed(options, services, look),
  analyze: (services, look) => analyze({}, services, look),
  status: (services, look) => showStatus(services, look),
  'redrive, looked at': (services, look, terminal) =>
    work({ action: 'redrive' }, { dryRun: true }, services, look, terminal),
  'redrive, asked': (services, look, terminal) => work({ action: 'redrive' }, {}, services, look, terminal),
  'redrive, done': (services, look, terminal) => work({ action: 'redrive' }, { yes: true }, services, look, terminal),
  review: ({ payments: known, ...services }, look) => {
    const read = async (id: string) => ({ ...(await known.read(id))!, payment_status: 'REVIEW' }) as PaymentRecord;
    return listReviews(options, { ...services, payments: { ...known, read } }, look);
  },
  'approve, asked': (services, look, terminal) =>
    decide('approve', ['tx-1'], { reason: 'looked at' }, services, look, terminal),
  'approve, done': (services, look, terminal) =>
    decide('approve', ['tx-1'], { reason: 'looked at', yes: true }, services, look, terminal),
  verify: (services, look, terminal) => verify({}, services, look, terminal),
  audit: (services, look, terminal) => audit({ from: 0, to: 60_000 }, services, look, terminal),
  reconcile: (services, look, terminal) => {
    const manifest = fileOf(
      [
        { kind: 'run', manifest: 1, at: '', queue_url: '', actor: 'arn' },
        { kind: 'sending', transaction_id: 'tx-1', fingerprint: 'f'.repeat(64), amount: 1, currency: 'EUR' },
        { kind: 'result', at: '', fingerprint: 'f'.repeat(64), status: 'accepted' },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n'),
    );
    return reconcile({ manifest, skip: 0 }, services, look, terminal);
  },
  send: (services, look, terminal) => send(payments, { warnAbove: 0 }, services, look, terminal),
};

/** All that a command writes for a person at a terminal, and the same command's JSON. */
export async function written(
  run: Run,
  text: () => string,
  { coloured = false, width }: { readonly coloured?: boolean; readonly width: number },
) {
  const terminal = terminalOf({ typed: 'n\n' });
  const look = { full: true, colours: colours(coloured), width };
  const answer = await interruptible(terminal, (one) => run(servicesOf(text), look, one));
  const typed = terminal.stderr.text.replaceAll('\r\n', '\n'); // a terminal's echo of Enter
  const shown = answer.text === undefined ? '' : readable(answer.text, { isTTY: true }, look);
  return { text: `${typed}\n${String(shown)}`, answer: String(shown), json: answer.json };
}
