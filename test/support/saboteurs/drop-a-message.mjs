import { handler as real } from '../../../assets/payment-processor/index.mjs';

/** Acknowledges one payment without looking at it. */
export const handler = (event, context) =>
  real({ Records: event.Records.filter(({ body }) => JSON.parse(body).transaction_id !== 'demo-1-3') }, context);
