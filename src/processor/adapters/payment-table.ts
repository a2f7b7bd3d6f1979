import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { AWS_CLIENT_CONFIG, errorCode } from '../../runtime/aws-call';
import { StoreError, type Telemetry } from '../core/ports';

/** Calls to the payment table. Each write is one conditional call, so the table itself is the lock. */
export class PaymentTable {
  readonly client = DynamoDBDocumentClient.from(new DynamoDBClient(AWS_CLIENT_CONFIG));

  constructor(
    readonly name: string,
    private readonly telemetry: Telemetry,
  ) {}

  /** @throws StoreError, which says what was to be done */
  async call<T>(operation: string, send: () => Promise<T>): Promise<T> {
    try {
      return await this.telemetry.trace('payment table', send);
    } catch (error) {
      throw new StoreError(operation, errorCode(error));
    }
  }

  /**
   * @returns false when the write's condition did not hold
   * @throws StoreError
   */
  write(operation: string, send: () => Promise<unknown>): Promise<boolean> {
    return this.call(operation, async () => {
      try {
        await send();
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });
  }
}
