import { handler as real } from '../../../assets/payment-processor/index.mjs';

/** Takes a second receive for a duplicate, and acknowledges it unseen. */
export const handler = (event, context) =>
  real({ Records: event.Records.filter(({ attributes }) => attributes.ApproximateReceiveCount === '1') }, context);
