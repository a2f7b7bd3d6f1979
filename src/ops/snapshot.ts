import { type PaymentStatus, STATUSES } from '../contract';
import { findHeldAccounts, type HeldAccounts } from './held-accounts';
import type { AlarmState, FunctionState, QueueState, Services, StatusCount, Throughput } from './services';

/** How a pipeline is now: what waits, what is stored, how fast it goes, what runs, and what rings. */
export interface Snapshot {
  /** Its table's name and region, which tell it from others. */
  readonly place: string;
  readonly queues: readonly QueueState[];
  readonly payments: Readonly<Record<PaymentStatus, StatusCount>>;
  readonly held_accounts: HeldAccounts;
  /** Left out when the payment processor does not say where its metrics go. */
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
