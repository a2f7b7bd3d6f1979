import { interruptible } from '../../../src/cli/terminal';
import {
  CANARY_ACCOUNT,
  fingerprint,
  parsePaymentMessage,
  type PaymentMessage,
  type PaymentRecord,
} from '../../../src/contract';
import { AwsCallError } from '../../../src/ops/aws-call';
import type { Services } from '../../../src/ops/services';
import { canaryPayment, followCanary, renderCanary } from '../../../src/ops/verify/canary';
import { colours } from '../../../src/cli/escaped-text';
import { verify } from '../../../src/ops/verify/verify';
import { fakeDeployment } from '../../../tools/kit/ops/fake-deployment';
import { soundState } from '../../../tools/kit/ops/sound-deployment';
import { terminalOf } from '../../../tools/kit/ops/ops-bench';
import { aRecord, type RecordChanges } from '../../../tools/kit/payments/payments';

const format = { full: false, colours: colours(false), width: 80 };
const PROCESSOR = { name: 'payment-processor', state: 'Active', last_update: 'Successful', last_modified: '' };

interface World {
  /** The record at each look; the last one stays. */
  readonly records?: readonly (RecordChanges | undefined)[];
  readonly sent?: { readonly status: string; readonly reason?: string };
  readonly read?: () => Promise<never>;
}

function servicesOf({ records = [undefined], sent = { status: 'accepted' }, read }: World) {
  const messages: PaymentMessage[] = [];
  let look = 0;
  const services = {
    producer: () =>
      Promise.resolve({
        send: ([payment]: readonly PaymentMessage[]) => {
          messages.push(payment!);
          return Promise.resolve([{ payment, ...sent }]);
        },
      }),
    payments: {
      place: 'payments in ap-southeast-1',
      read:
        read ??
        (() => {
          const changes = records[Math.min(look++, records.length - 1)];
          return Promise.resolve(changes && aRecord(messages[0], changes));
        }),
    },
    functions: () => Promise.resolve([{ ...PROCESSOR, metrics: { namespace: 'n', service: 's' } }]),
    throughput: () => Promise.resolve({ fraud_check_errors: 12 }),
    deployment: () => fakeDeployment(soundState()),
  };
  return { services: services as unknown as Services, messages };
}

const entry = (status: PaymentRecord['payment_status'], seconds: number) => ({
  status,
  at: new Date(Date.now() + seconds * 1_000).toISOString(),
  attempt: 1,
  request_id: 'r',
  release_id: 'release-1',
});
const decided = (): RecordChanges => ({
  payment_status: 'APPROVED',
  fraud: { decision: 'approve', score: 0.1, reasons: [] },
  history: [entry('PROCESSING', 2), entry('APPROVED', 3)],
});

test('the canary is a valid payment of the reserved account, another one each time', () => {
  const [one, other] = [canaryPayment(), canaryPayment()];
  expect(parsePaymentMessage(JSON.stringify(one))).toEqual(one);
  expect([one.account_id, one.beneficiary_id]).toEqual([CANARY_ACCOUNT, CANARY_ACCOUNT]);
  expect(fingerprint(one)).not.toBe(fingerprint(other));
});

test('decided: each step with its time, and what the fraud API answered', async () => {
  const { services, messages } = servicesOf({ records: [undefined, { history: [entry('PROCESSING', 2)] }, decided()] });
  const payment = canaryPayment();
  const canary = await followCanary(payment, services, new AbortController().signal);
  expect(messages).toEqual([payment]);
  expect(canary).toMatchObject({ result: 'passed', findings: [] });
  expect(canary.steps.map(({ step }) => step)).toEqual(['sent', 'received', 'decided: APPROVED']);
  expect(String(renderCanary(canary, format))).toMatch(
    /│ received +│ \S+ │ 2\.\d s │[^]*ok: the fraud API answered the payment processor: approve\.$/,
  );
});

test.each<[what: string, world: World, found: RegExp, whatToDo: RegExp]>([
  [
    'refused by SQS',
    { sent: { status: 'refused', reason: 'SQS refuses the call (AccessDenied)' } },
    /not in the queue: SQS refuses/,
    /Correct the reason/,
  ],
  ['never received', {}, /has not recorded the canary within 0 s/, /checks of the mapping/],
  [
    'without a decision',
    { records: [{ attempts: 2 }] },
    /attempt 2\), and has no decision after 0 s\. It counts 12 calls a minute of the fraud API without a decision/,
    /Have the fraud API answer the payment processor/,
  ],
  [
    'failed',
    { records: [{ payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_REFUSED', failure_message: 'HTTP 422.' }] },
    /FRAUD_CHECK_REFUSED\. HTTP 422\. The fraud API refused/,
    /discard --id=canary-\S+ --reason canary$/,
  ],
  [
    'parked behind an older canary',
    { records: [{ parked_behind: 'canary-1' }] },
    /waits behind canary-1/,
    /^discard --id=canary-1/,
  ],
])('a canary that is %s says what to do', async (_what, world, found, whatToDo) => {
  const canary = await followCanary(canaryPayment(), servicesOf(world).services, new AbortController().signal, 0);
  expect(canary.result).toBe('failed');
  expect(canary.findings).toHaveLength(1);
  expect(canary.findings[0]!.found).toMatch(found);
  expect(canary.findings[0]!.whatToDo).toMatch(whatToDo);
});

test('a canary that cannot be looked at is neither passed nor failed', async () => {
  const { services } = servicesOf({ read: () => Promise.reject(new AwsCallError('These credentials may not.')) });
  const canary = await followCanary(canaryPayment(), services, new AbortController().signal, 0);
  expect(canary).toMatchObject({ result: 'unknown', findings: [{ found: 'These credentials may not.' }] });
});

describe('verify --canary', () => {
  const run = (world: World, options: { readonly canary?: boolean } = { canary: true }) => {
    const { services, messages } = servicesOf(world);
    const answer = interruptible(terminalOf(), (one) => verify(options, services, format, one));
    return { answer, messages };
  };

  test('the canary counts as a check, and is in the JSON', async () => {
    const { json, text, exitCode } = await run({ records: [decided()] }).answer;
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({
      failed: 0,
      canary: {
        result: 'passed',
        payment_status: 'APPROVED',
        fraud: { decision: 'approve' },
        steps: [{ step: 'sent' }, {}, {}],
      },
    });
    expect(String(text)).toMatch(/33 checks passed, 0 failed, 0 could not be made\.$/);
  });

  test('a canary that fails is exit code 1', async () => {
    const failed: RecordChanges = { payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_UNAVAILABLE' };
    expect((await run({ records: [failed] }).answer).exitCode).toBe(1);
  });

  test('without the option no payment is sent', async () => {
    const { answer, messages } = run({}, {});
    expect((await answer).exitCode).toBe(0);
    expect(messages).toEqual([]);
  });

  test('Ctrl-C says which canary is on its way', async () => {
    const terminal = terminalOf();
    const { services } = servicesOf({});
    const answer = interruptible(terminal, (one) => verify({ canary: true }, services, format, one));
    setTimeout(() => terminal.signals.emit('SIGINT'), 200);
    await expect(answer).rejects.toThrow(/^Interrupted\. The canary may be on its way: payment canary-\S+ shows it\.$/);
  });
});
