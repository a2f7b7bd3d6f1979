import { discarding, type Operation, payment, PURGE, redriving, resolving, type Scenario, switching } from './scenario';

const FIRST_FAILS = [
  payment('alice', 'tx-a1', ['refuse', 'unavailable']),
  payment('alice', 'tx-a2'),
  payment('bob', 'tx-b1'),
];
const FIRST_IS_REFUSED = [payment('alice', 'tx-a1', ['refuse']), payment('alice', 'tx-a2'), payment('bob', 'tx-b1')];

const FREE = { invocations: 2, batchesDuringRun: 2, maxReceiveCount: 2, redeliveries: 1, faults: 2 } as const;
/** Scenarios with operators: an invocation overlaps with their runs, and with no other invocation of its account. */
const OPERATED = { ...FREE, batchesDuringRun: 1, redeliveries: 0, bystander: 'bob' } as const;

const [ACCOUNT, FIRST, SECOND] = [
  { accountIds: ['alice'] },
  { transactionIds: ['tx-a1'] },
  { transactionIds: ['tx-a2'] },
];

const operated = (
  name: string,
  onFailedPayment: Scenario['onFailedPayment'],
  operation: Operation,
  other: Partial<Scenario> = {},
): Scenario => ({
  ...OPERATED,
  name: `${name}, ${onFailedPayment}`,
  onFailedPayment,
  payments: FIRST_IS_REFUSED,
  operators: [[[operation]]],
  ...other,
});

/** Small worlds, each complete up to its bound. The longest first, so that several processes end at about the same time. */
export const SCENARIOS: readonly Scenario[] = [
  {
    ...OPERATED,
    name: 'redrive, then discard',
    onFailedPayment: 'hold',
    faults: 1,
    payments: FIRST_IS_REFUSED,
    operators: [[[redriving(FIRST), discarding(FIRST)]]],
  },
  {
    ...OPERATED,
    name: 'discard, then redrive',
    onFailedPayment: 'hold',
    faults: 1,
    payments: FIRST_IS_REFUSED,
    operators: [[[discarding(FIRST), redriving(FIRST)]]],
  },
  {
    ...OPERATED,
    name: 'setting changed twice',
    onFailedPayment: 'hold',
    faults: 1,
    payments: [
      payment('alice', 'tx-a1', ['refuse', 'approve']),
      payment('alice', 'tx-a2', ['approve'], true),
      payment('bob', 'tx-b1'),
    ],
    operators: [[[switching('continue'), redriving(FIRST), switching('hold')]]],
  },
  operated('long redrive', 'hold', redriving(FIRST), { batchesDuringRun: 2, faults: 1 }),
  operated('redrive first', 'continue', redriving(FIRST)),
  operated('discard first', 'hold', discarding(FIRST)),
  operated('discard account', 'hold', discarding(ACCOUNT)),
  operated('redrive first', 'hold', redriving(FIRST), { faults: 1 }),
  operated('long redrive', 'continue', redriving(FIRST), { batchesDuringRun: 2, faults: 1 }),
  operated('redrives around a discard', 'continue', redriving(FIRST), {
    faults: 1,
    payments: [payment('alice', 'tx-a1', ['refuse'])],
    operators: [[[redriving(FIRST), discarding(FIRST), redriving(FIRST)]]],
  }),
  operated('redrive account', 'hold', redriving(ACCOUNT)),
  operated('discard second', 'hold', discarding(SECOND)),
  operated('redrive second', 'hold', redriving(SECOND)),
  operated('redrive and discard at once', 'continue', redriving(FIRST), {
    faults: 0,
    payments: [payment('alice', 'tx-a1', ['refuse'])],
    operators: [[[redriving(FIRST)]], [[discarding(FIRST)]]],
  }),
  { ...FREE, name: 'failure, hold', onFailedPayment: 'hold', payments: FIRST_FAILS, operators: [] },
  { ...FREE, name: 'failure, continue', onFailedPayment: 'continue', payments: FIRST_FAILS, operators: [] },
  operated('redrive account', 'continue', redriving(ACCOUNT)),
  operated('redrive second', 'continue', redriving(SECOND)),
  operated('discard account', 'continue', discarding(ACCOUNT)),
  operated('discard first', 'continue', discarding(FIRST)),
  operated('discard second', 'continue', discarding(SECOND)),
  {
    ...OPERATED,
    name: 'review decided by two operators',
    onFailedPayment: 'hold',
    faults: 1,
    payments: [payment('alice', 'tx-a1', ['review']), payment('alice', 'tx-a2'), payment('bob', 'tx-b1')],
    operators: [
      [[resolving('approve', ['tx-a1', 'tx-a2'])]],
      [[resolving('approve', ['tx-a1'])], [resolving('decline', ['tx-a1'])]],
    ],
  },
  {
    ...OPERATED,
    name: 'letters purged',
    onFailedPayment: 'hold',
    payments: [
      payment('alice', 'tx-a1', ['refuse']),
      payment('alice', 'tx-a2', ['approve'], true),
      payment('bob', 'tx-b1'),
    ],
    operators: [[[PURGE]]],
  },
  {
    ...OPERATED,
    name: 'id of a parked payment taken',
    onFailedPayment: 'hold',
    faults: 0,
    payments: [
      payment('alice', 'tx-a1', ['refuse', 'approve']),
      payment('alice', 'tx-a2'),
      payment('alice', 'tx-a3'),
      payment('bob', 'tx-a2', ['approve'], true),
    ],
    operators: [[[redriving(FIRST)]]],
  },
];
