import { discarding, payment, PURGE, redriving, type Scenario, switching } from './scenario';

const FIRST_FAILS = [payment('alice', 'tx-a1', ['refuse', 'unavailable']), payment('alice', 'tx-a2'), payment('bob', 'tx-b1')];
const FIRST_IS_REFUSED = [payment('alice', 'tx-a1', ['refuse']), payment('alice', 'tx-a2'), payment('bob', 'tx-b1')];

const FREE = { invocations: 2, maxReceiveCount: 2, redeliveries: 1, faults: 2 } as const;
/** With operators: an invocation meets their runs, and no other invocation of its account. */
const OPERATED = { ...FREE, redeliveries: 0, faults: 1, bystander: 'bob' } as const;

/** Each redrive of one account's payments, and each discard. */
const REDRIVES = [[redriving({ accountIds: ['alice'] })], [redriving({ transactionIds: ['tx-a1'] })], [redriving({ transactionIds: ['tx-a2'] })]];
const DISCARDS = [[discarding({ accountIds: ['alice'] })], [discarding({ transactionIds: ['tx-a1'] })], [discarding({ transactionIds: ['tx-a2'] })]];

/** Small worlds, each complete up to its bound. */
export const SCENARIOS: readonly Scenario[] = [
  { ...FREE, name: 'failure, continue', onFailedPayment: 'continue', payments: FIRST_FAILS, operators: [] },
  { ...FREE, name: 'failure, hold', onFailedPayment: 'hold', payments: FIRST_FAILS, operators: [] },
  { ...OPERATED, name: 'redrive, continue', onFailedPayment: 'continue', payments: FIRST_IS_REFUSED, operators: [REDRIVES] },
  { ...OPERATED, name: 'discard, continue', onFailedPayment: 'continue', payments: FIRST_IS_REFUSED, operators: [DISCARDS] },
  { ...OPERATED, name: 'redrive, hold', onFailedPayment: 'hold', payments: FIRST_IS_REFUSED, operators: [REDRIVES] },
  { ...OPERATED, name: 'discard, hold', onFailedPayment: 'hold', payments: FIRST_IS_REFUSED, operators: [DISCARDS] },
  {
    ...OPERATED, name: 'redrive, then discard', onFailedPayment: 'hold', faults: 0, payments: FIRST_IS_REFUSED,
    operators: [[[redriving({ transactionIds: ['tx-a1'] }), discarding({ transactionIds: ['tx-a1'] })]]],
  },
  {
    ...OPERATED, name: 'letters purged', onFailedPayment: 'hold',
    payments: [payment('alice', 'tx-a1', ['refuse']), payment('alice', 'tx-a2', ['approve'], true), payment('bob', 'tx-b1')],
    operators: [[[PURGE]]],
  },
  {
    ...OPERATED, name: 'setting changed twice', onFailedPayment: 'hold', faults: 0,
    payments: [payment('alice', 'tx-a1', ['refuse', 'approve']), payment('alice', 'tx-a2', ['approve'], true), payment('bob', 'tx-b1')],
    operators: [[[switching('continue'), redriving({ transactionIds: ['tx-a1'] }), switching('hold')]]],
  },
  {
    ...OPERATED, name: 'id of a parked payment taken', onFailedPayment: 'hold', faults: 0,
    payments: [payment('alice', 'tx-a1', ['refuse', 'approve']), payment('alice', 'tx-a2'), payment('alice', 'tx-a3'), payment('bob', 'tx-a2', ['approve'], true)],
    operators: [[[redriving({ transactionIds: ['tx-a1'] })]]],
  },
];
