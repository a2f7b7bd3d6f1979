import { handler as real } from '../../../assets/payment-processor/index.mjs';

/** Processes the payments of an account at the same time, not one after the other. */
export async function handler(event, context) {
  const responses = await Promise.all(event.Records.map((record) => real({ Records: [record] }, context)));
  return { batchItemFailures: responses.flatMap(({ batchItemFailures }) => batchItemFailures) };
}
