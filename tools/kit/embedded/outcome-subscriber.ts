import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import type { PaymentOutcome } from '../../../src/contract';
import type { EmbeddedAws } from './aws';
import { createTopic } from './mailbox';

const TOPIC = 'payment-outcomes.fifo';
const QUEUE = 'outcome-subscriber.fifo';
/** A queue keeps what nobody receives for as long as the run takes. */
const QUEUE_ATTRIBUTES = {
  FifoQueue: 'true',
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
};

/** The outcome topic in the embedded SNS, as a pipeline with `outcomes: 'topic'` deploys it, and a queue that is subscribed to it. */
export class OutcomeSubscriber {
  static async start(aws: EmbeddedAws): Promise<OutcomeSubscriber> {
    await aws.sqs.send(new CreateQueueCommand({ QueueName: QUEUE, Attributes: QUEUE_ATTRIBUTES }));
    const fifo = { FifoTopic: 'true', ContentBasedDeduplication: 'false' };
    const raw = { RawMessageDelivery: 'true' };
    return new OutcomeSubscriber(aws, await createTopic(aws, TOPIC, fifo, { queue: QUEUE, attributes: raw }));
  }

  private constructor(
    private readonly aws: EmbeddedAws,
    readonly topicArn: string,
  ) {}

  /** All outcomes so far, an account's in their order. */
  get outcomes(): PaymentOutcome[] {
    return this.aws.messages(QUEUE).map(({ body }) => JSON.parse(body) as PaymentOutcome);
  }
}
