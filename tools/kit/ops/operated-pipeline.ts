import { join } from 'node:path';
import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { PaymentRecord } from '../../../src/contract';
import { countMessages, type EmbeddedAws, startEmbeddedAws } from '../embedded/aws';
import { EmbeddedDlqProcessor } from '../embedded/dlq-processor';
import { type DeployedPipeline, deploy } from '../embedded/resources';
import { SynthesizedStack } from '../embedded/synthesized-stack';
import { ScriptedCloudWatch } from './cloudwatch-endpoint';
import type { LambdaEndpoint } from './lambda-endpoint';
import { type Payment, recordOf } from '../payments/black-box-payments';
import { RecordingProxy } from '../bundles/recording-proxy';

const ROOT = join(__dirname, '../../..');

/** The stack's queues and table under their own names, with the DLQ processor's bundle behind them, as a person on call finds them. */
export class OperatedPipeline {
  private letters = 0;

  static async start(): Promise<OperatedPipeline> {
    const stack = SynthesizedStack.read(join(ROOT, 'cdktf.out/stacks/payment-pipeline/cdk.tf.json'));
    const aws = await startEmbeddedAws(stack.region);
    const deployed = await deploy(stack, aws);
    const sqs = await RecordingProxy.start(aws.environment.AWS_ENDPOINT_URL_SQS!);
    sqs.impatient = true;
    const dlqProcessor = await EmbeddedDlqProcessor.start({
      deployed,
      environment: { ...aws.environment, AWS_ENDPOINT_URL_SQS: sqs.endpoint },
    });
    const cloudWatch = await ScriptedCloudWatch.start();
    return new OperatedPipeline(aws, deployed, dlqProcessor.lambda, cloudWatch.url, async () => {
      await Promise.all([dlqProcessor.close(), cloudWatch.close()]);
      await Promise.all([sqs.close(), aws.close()]);
    });
  }

  private constructor(
    private readonly aws: EmbeddedAws,
    private readonly deployed: DeployedPipeline,
    readonly lambda: LambdaEndpoint,
    private readonly cloudWatch: string,
    readonly close: () => Promise<void>,
  ) {}

  /** The AWS SDK's variables that direct it here. */
  get environment(): Record<string, string> {
    return {
      ...this.aws.environment,
      AWS_ENDPOINT_URL_LAMBDA: this.lambda.url,
      AWS_ENDPOINT_URL_CLOUDWATCH: this.cloudWatch,
    };
  }

  /** Replaces the content of the pipeline with these payments. Failed ones have dead letters. */
  async replaceBy(payments: readonly Payment[], status: 'FAILED' | 'REVIEW'): Promise<void> {
    const { paymentQueueUrl, deadLetterQueueUrl, tableName } = this.deployed;
    for (const QueueUrl of [paymentQueueUrl, deadLetterQueueUrl])
      await this.aws.sqs.send(new PurgeQueueCommand({ QueueUrl }));
    for (const payment of payments) {
      const Item = recordOf(payment, {
        payment_status: status,
        ...(status === 'FAILED'
          ? { failure_code: 'FRAUD_CHECK_UNAVAILABLE' }
          : { fraud: { decision: 'review', score: 0.7, reasons: ['new beneficiary'] } }),
      });
      await DynamoDBDocumentClient.from(this.aws.dynamodb).send(new PutCommand({ TableName: tableName, Item }));
      if (status !== 'FAILED') continue;
      await this.aws.sqs.send(
        new SendMessageCommand({
          QueueUrl: deadLetterQueueUrl,
          MessageBody: JSON.stringify(payment),
          MessageGroupId: payment.account_id,
          MessageDeduplicationId: String(++this.letters),
        }),
      );
    }
  }

  async record(transaction_id: string): Promise<PaymentRecord> {
    const command = new GetCommand({ TableName: this.deployed.tableName, Key: { transaction_id } });
    return (await DynamoDBDocumentClient.from(this.aws.dynamodb).send(command)).Item as PaymentRecord;
  }

  /** Messages in the queues, hidden ones included. */
  async depths(): Promise<{ payments: number; deadLetters: number }> {
    const { paymentQueueUrl, deadLetterQueueUrl } = this.deployed;
    return {
      payments: await countMessages(this.aws.sqs, paymentQueueUrl),
      deadLetters: await countMessages(this.aws.sqs, deadLetterQueueUrl),
    };
  }
}
