import { setTimeout as sleep } from 'node:timers/promises';
import { handler as real } from '../../../assets/payment-processor/index.mjs';

const LATER_MS = 50;

/** Processes the payments of an account at the same time, not one after the other. The earlier ones take longer. */
export async function handler(event, context) {
  const responses = await Promise.all(
    event.Records.map(async (record, index) => {
      await sleep((event.Records.length - 1 - index) * LATER_MS);
      return real({ Records: [record] }, context);
    }),
  );
  return { batchItemFailures: responses.flatMap(({ batchItemFailures }) => batchItemFailures) };
}
