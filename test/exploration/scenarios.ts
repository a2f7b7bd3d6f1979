import { discarding, payment, PURGE, redriving, type Scenario, switching } from './scenario';

const common = { invocations: 2, faults: 2, redeliveries: 1, maxReceiveCount: 2 } as const;

/** Small worlds, each complete up to its bound. */
export const SCENARIOS: readonly Scenario[] = [
  {
    ...common, name: 'failure, continue', onFailedPayment: 'continue',
    payments: [payment('alice', 'tx-a1', ['refuse', 'unavailable']), payment('alice', 'tx-a2'), payment('bob', 'tx-b1')],
    operators: [],
  },
  {
    ...common, name: 'failure, hold', onFailedPayment: 'hold',
    payments: [payment('alice', 'tx-a1', ['refuse', 'unavailable']), payment('alice', 'tx-a2'), payment('bob', 'tx-b1')],
    operators: [],
  },
  {
    ...common, name: 'redrive, hold', onFailedPayment: 'hold', faults: 1,
    payments: [payment('alice', 'tx-a1', ['refuse']), payment('alice', 'tx-a2'), payment('bob', 'tx-b1')],
    operators: [[[redriving({ accountIds: ['alice'] })], [redriving({ transactionIds: ['tx-a1'] })], [redriving({ transactionIds: ['tx-a2'] })]]],
  },
  {
    ...common, name: 'discard, hold', onFailedPayment: 'hold', faults: 1,
    payments: [payment('alice', 'tx-a1', ['refuse']), payment('alice', 'tx-a2'), payment('bob', 'tx-b1')],
    operators: [[[discarding({ accountIds: ['alice'] })], [discarding({ transactionIds: ['tx-a1'] })], [discarding({ transactionIds: ['tx-a2'] })]]],
  },
  {
    ...common, name: 'purge, hold', onFailedPayment: 'hold', faults: 1,
    payments: [payment('alice', 'tx-a1', ['refuse']), payment('alice', 'tx-a2', ['approve'], true), payment('bob', 'tx-b1')],
    operators: [[[PURGE]]],
  },
  {
    ...common, name: 'switches, hold', onFailedPayment: 'hold', faults: 0,
    payments: [payment('alice', 'tx-a1', ['refuse', 'approve']), payment('alice', 'tx-a2', ['approve'], true), payment('bob', 'tx-b1')],
    operators: [[[switching('continue'), redriving({ transactionIds: ['tx-a1'] }), switching('hold')]]],
  },
  {
    ...common, name: 'taken id, hold', onFailedPayment: 'hold', faults: 0,
    payments: [payment('alice', 'tx-a1', ['refuse', 'approve']), payment('alice', 'tx-a2'), payment('alice', 'tx-a3'), payment('bob', 'tx-a2', ['approve'], true)],
    operators: [[[redriving({ transactionIds: ['tx-a1'] })]]],
  },
];
