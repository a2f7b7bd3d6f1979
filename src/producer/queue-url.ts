/** What was given is no URL of a FIFO queue, as when the variable that holds it is not set. */
export class QueueUrlError extends Error {
  override readonly name = 'QueueUrlError';

  constructor(url: unknown) {
    super(
      `The queue's URL is ${JSON.stringify(url)}, but must be that of a FIFO queue, which ends in .fifo: take the pipeline's output payment_queue_url.`,
    );
  }
}

/** Names of FIFO queues end so: SQS API Reference, CreateQueue. @throws QueueUrlError */
export function fifoQueueUrl(url: string): string {
  if (typeof url !== 'string' || !URL.canParse(url) || !url.endsWith('.fifo')) throw new QueueUrlError(url);
  return url;
}
