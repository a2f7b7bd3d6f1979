import type { GetAccountSettingsResponse } from '@aws-sdk/client-lambda';
import { type Check, compareSettings, defineCheck, type Expected, type Finding } from './check';
import { mapping, SMALLEST_MAXIMUM } from './mapping';
import { defineRead } from './read';

/** AWS page "Configuring reserved concurrency for a function": what functions without a reservation keep. */
const ALWAYS_UNRESERVED = 100;

/** Executions that the advice leaves to the DLQ processor. */
const FOR_DLQ_PROCESSOR = 1;

/** The output's value for "reserve none". */
const UNRESERVED = -1;

export interface ConcurrencySettings {
  readonly maxConcurrency: number;
  readonly reserveConcurrency: boolean;
  /** What the payment processor has reserved already. */
  readonly reserved: number;
}

/** Lambda's quota in an AWS account and region. */
export interface ConcurrencyQuota {
  readonly total: number;
  /** What no function has reserved. */
  readonly unreserved: number;
}

const quota = defineRead({
  action: 'lambda:GetAccountSettings',
  subject: () => "quota of Lambda's concurrency",
  send: async ({ lambda }) => quotaOf(await lambda.getAccountSettings({})),
});

const reservation = defineRead({
  action: 'lambda:GetFunctionConcurrency',
  subject: ({ paymentProcessor }) => `function ${paymentProcessor}`,
  send: async ({ lambda }, _found, pipeline) => {
    const FunctionName = pipeline.paymentProcessor;
    const { ReservedConcurrentExecutions } = await lambda.getFunctionConcurrency({ FunctionName });
    return { reserved: ReservedConcurrentExecutions ?? UNRESERVED };
  },
});

export const CONCURRENCY_CHECKS: readonly Check[] = [
  defineCheck({
    name: 'Concurrency: reserved as deployed',
    needs: { reservation, mapping },
    judge: ({ reservation: { reserved }, mapping: { ScalingConfig } }, { pipeline }) => {
      const { settings } = pipeline.expected();
      return compareSettings({
        'the reserved concurrency (-1 for none)': [
          reserved,
          settings?.reserved_concurrency ?? noneOrAtLeast(ScalingConfig?.MaximumConcurrency ?? 0),
        ],
      });
    },
  }),
  defineCheck({
    name: 'Concurrency: within the quota',
    needs: { quota, reservation, mapping },
    judge: ({ quota: ofAccount, reservation: { reserved }, mapping: { ScalingConfig } }, { region }) => {
      const advice = adviceFor(
        region,
        {
          maxConcurrency: ScalingConfig?.MaximumConcurrency ?? 0,
          reserveConcurrency: reserved !== UNRESERVED,
          reserved: Math.max(reserved, 0),
        },
        ofAccount,
      );
      if (advice === undefined) return [];
      const { found, whatToDo } = advice;
      return [{ found: `${found}.`, whatToDo: `${whatToDo.charAt(0).toUpperCase()}${whatToDo.slice(1)}` }];
    },
  }),
];

/** A smaller reservation throttles the mapping's pollers, and each throttled batch costs its payments a receive. */
function noneOrAtLeast(maximum: number): Expected {
  return {
    rule: `at least the mapping's MaximumConcurrency of ${maximum}`,
    holds: (reserved: number) => reserved === UNRESERVED || reserved >= maximum,
  };
}

/**
 * Compares the settings with the AWS account's quota: 1,000 by default, and less in new AWS accounts (AWS page "Lambda quotas").
 * @returns undefined when they fit
 */
export function adviceFor(
  region: string,
  { maxConcurrency, reserveConcurrency, reserved }: ConcurrencySettings,
  { total, unreserved }: ConcurrencyQuota,
): Finding | undefined {
  const available = unreserved + reserved;
  const reservable = available - ALWAYS_UNRESERVED;
  const runnable = available - FOR_DLQ_PROCESSOR;
  if (maxConcurrency <= (reserveConcurrency ? reservable : runnable)) return undefined;

  const quota = `Lambda's concurrency quota in ${region} is ${total}, of which other functions leave ${available}.`;
  const unreservedInstead = `set reserve_concurrency = false and max_concurrency = ${Math.max(SMALLEST_MAXIMUM, Math.min(maxConcurrency, runnable))}`;
  const raise = 'or raise the quota (docs/how-to/raise-limits.md).';
  if (!reserveConcurrency)
    return {
      found: `${quota} With max_concurrency = ${maxConcurrency} Lambda throttles batches, and their payments lose receives`,
      whatToDo: `set max_concurrency = ${Math.max(SMALLEST_MAXIMUM, runnable)}, ${raise}`,
    };
  const lower = reservable >= SMALLEST_MAXIMUM ? `set max_concurrency = ${reservable}, or ` : '';
  return {
    found: `${quota} AWS keeps ${ALWAYS_UNRESERVED} unreserved, and refuses to reserve max_concurrency = ${maxConcurrency}`,
    whatToDo: `${lower}${unreservedInstead}, ${raise}`,
  };
}

/** @throws Error when the answer has no quota */
export function quotaOf({ AccountLimit }: Pick<GetAccountSettingsResponse, 'AccountLimit'>): ConcurrencyQuota {
  const { ConcurrentExecutions: total, UnreservedConcurrentExecutions: unreserved } = AccountLimit ?? {};
  if (total === undefined || unreserved === undefined) throw new Error('NoQuota');
  return { total, unreserved };
}
