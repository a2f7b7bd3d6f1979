import { type PaymentStatus, STATUSES } from '../contract';
import { findHeldAccounts, type HeldAccounts } from './held-accounts';
import type { AlarmState, FunctionState, QueueState, Services, StatusCount, Throughput } from './services';

/** The state of a pipeline: its queues, payments, throughput, functions and alarms. */
export interface Snapshot {
  /** The table's name and region, which identify the pipeline. */
  readonly place: string;
  readonly queues: readonly QueueState[];
  readonly payments: Readonly<Record<PaymentStatus, StatusCount>>;
  readonly held_accounts: HeldAccounts;
  /** Left out when the payment processor's environment does not name the namespace of its metrics. */
  readonly per_minute?: Throughput;
  readonly functions: readonly FunctionState[];
  readonly alarms: readonly AlarmState[];
}

export async function takeSnapshot(services: Services): Promise<Snapshot> {
  const functions = services.functions();
  const [queues, counts, held_accounts, throughput, alarms] = await Promise.all([
    services.queues(),
    Promise.all(STATUSES.map(async (status) => [status, await services.payments.count(status)] as const)),
    findHeldAccounts(services),
    functions.then(([processor]) => processor?.metrics && services.throughput(processor.metrics)),
    services.alarms(),
  ]);
  const payments = Object.fromEntries(counts) as Record<PaymentStatus, StatusCount>;
  return {
    place: services.payments.place,
    queues,
    payments,
    held_accounts,
    ...(throughput && { per_minute: throughput }),
    functions: await functions,
    alarms,
  };
}

export function ringing({ alarms }: Snapshot): readonly AlarmState[] {
  return alarms.filter(({ state }) => state === 'ALARM');
}
