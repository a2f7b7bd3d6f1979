/** The given value is not the URL of a FIFO queue, for example because its environment variable is not set. */
export class QueueUrlError extends Error {
  override readonly name = 'QueueUrlError';

  constructor(url: unknown) {
    super(
      `The queue's URL is ${JSON.stringify(url)}, but must be that of a FIFO queue, which ends in .fifo: take the pipeline's output payment_queue_url.`,
    );
  }
}

/** The required suffix of a FIFO queue's name: SQS API Reference, CreateQueue. @throws QueueUrlError */
export function fifoQueueUrl(url: string): string {
  if (typeof url !== 'string' || !URL.canParse(url) || !url.endsWith('.fifo')) throw new QueueUrlError(url);
  return url;
}
