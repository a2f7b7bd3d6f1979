import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type PaymentRecord, STATUS_INDEX } from '../../contract/payment-record';
import { AWS_CLIENT_CONFIG, errorCode } from '../../runtime/aws-call';
import { type FailedPayments, type FailedPaymentsPage, type Position, ReadError, type Trace } from '../ports';

/** By the table's status index, which is eventually consistent: a payment that failed just now may be missing. */
export class DynamoDbFailedPayments implements FailedPayments {
  private readonly client = DynamoDBDocumentClient.from(new DynamoDBClient(AWS_CLIENT_CONFIG));

  constructor(
    private readonly tableName: string,
    private readonly trace: Trace,
  ) {}

  async page(size: number, from: Position | undefined): Promise<FailedPaymentsPage> {
    const query = new QueryCommand({
      TableName: this.tableName,
      IndexName: STATUS_INDEX,
      KeyConditionExpression: 'payment_status = :failed',
      ExpressionAttributeValues: { ':failed': 'FAILED' satisfies PaymentRecord['payment_status'] },
      ProjectionExpression: 'failure_code' satisfies keyof PaymentRecord,
      Limit: size,
      ExclusiveStartKey: from,
    });
    try {
      const { Items = [], LastEvaluatedKey } = await this.trace('payment table', () => this.client.send(query));
      const records = Items as Pick<PaymentRecord, 'failure_code'>[];
      return { failureCodes: records.map(({ failure_code }) => failure_code), next: LastEvaluatedKey };
    } catch (error) {
      throw new ReadError('payment table', errorCode(error));
    }
  }
}
