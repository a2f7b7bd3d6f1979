import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Uuid } from '@cdktf/provider-random/lib/uuid';
import { Construct } from 'constructs';
import { packageBundle } from './bundle';
import { createPaymentProcessor } from './functions';
import { resourceNames } from './names';
import { createPaymentTable } from './payment-table';
import { withDefaults, type PaymentPipelineProps } from './props';
import { createQueues } from './queueing';
import { validate } from './validation';

/**
 * Payments enter a FIFO queue, are decided against a fraud API in the order of their account, and end as an audited
 * record. The stack brings the aws, archive and random providers.
 *
 * @example
 * new PaymentPipeline(this, 'payments', { fraudApi: FraudApi.url('https://fraud.example.internal/check') });
 */
export class PaymentPipeline extends Construct {
  /** Takes payments; their account is the message group. */
  readonly paymentQueue: SqsQueue;
  /** Keeps what could not be processed. */
  readonly deadLetterQueue: SqsQueue;
  /** One item per payment, with its history. */
  readonly paymentTable: DynamodbTable;
  /** The function that decides payments. */
  readonly paymentProcessor: LambdaFunction;

  /**
   * @throws PaymentPipelinePropsError naming every bad prop at once
   * @throws MissingBundleError when a handler has not been bundled
   */
  constructor(scope: Construct, id: string, props: PaymentPipelineProps) {
    super(scope, id);
    const settings = withDefaults(props);
    validate(this, settings);
    const names = resourceNames(settings);

    const queues = createQueues(this, names, settings);
    const table = createPaymentTable(this, names);

    const archive = packageBundle(this, 'payment_processor', 'payment-processor');
    // Renewed whenever a handler's code changes; every payment record says which release wrote it.
    const releaseId = new Uuid(this, 'release_id', { keepers: { payment_processor: archive.outputBase64Sha256 } });

    const processor = createPaymentProcessor(this, { names, settings, queues, table, archive, releaseId });

    this.paymentQueue = queues.paymentQueue;
    this.deadLetterQueue = queues.deadLetterQueue;
    this.paymentTable = table;
    this.paymentProcessor = processor;
  }
}
