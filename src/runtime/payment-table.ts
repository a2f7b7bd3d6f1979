import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { HistoryChange, PaymentRecord } from '../contract';
import { AWS_CLIENT_CONFIG } from './aws-call';
import type { PaymentReader } from './ports';
import type { CallOptions, ServiceCalls } from './service-calls';

/** One client, and so one set of connections, for all invocations. */
const client = DynamoDBDocumentClient.from(new DynamoDBClient(AWS_CLIENT_CONFIG));

/** Steps of each call that nobody needs, and that take 7 % of a payment's CPU: a log that is off, and a user agent that is composed again. */
export const OMITTED_STEPS = ['loggerMiddleware', 'getUserAgentMiddleware'];
for (const step of OMITTED_STEPS) client.middlewareStack.remove(step);

type Item = Readonly<Record<string, unknown>>;

/** A part of an update expression, which writes an attribute `name` as `#name`. */
export interface Expression {
  readonly expression: string;
  readonly values: Readonly<Record<`:${string}`, unknown>>;
}

export interface Update extends Expression {
  readonly key: string;
  /** The condition, in the notation of `expression`. */
  readonly condition?: string;
}

/** The payment table, for one invocation. Each write is one conditional call, so that the table itself is the lock. */
export class PaymentTable implements PaymentReader {
  constructor(
    readonly name: string,
    private readonly calls: ServiceCalls,
  ) {}

  async read(transactionId: string): Promise<PaymentRecord | undefined> {
    return (await this.readItem('read a payment', transactionId)) as PaymentRecord | undefined;
  }

  /** Strongly consistent. @throws ServiceError */
  async readItem(operation: string, key: string): Promise<Item | undefined> {
    const command = new GetCommand({ TableName: this.name, Key: { transaction_id: key }, ConsistentRead: true });
    const { Item } = await this.call(operation, (documents, options) => documents.send(command, options));
    return Item;
  }

  /**
   * @returns false when the condition did not hold
   * @throws ServiceError
   */
  update(operation: string, { key, expression, condition, values }: Update): Promise<boolean> {
    const names = `${expression} ${condition ?? ''}`.match(/#\w+/g) ?? [];
    const command = new UpdateCommand({
      TableName: this.name,
      Key: { transaction_id: key },
      UpdateExpression: expression,
      ConditionExpression: condition,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
      ExpressionAttributeValues: values,
    });
    return this.write(operation, (documents, options) => documents.send(command, options));
  }

  /**
   * @returns false when the condition did not hold
   * @throws ServiceError
   */
  write(
    operation: string,
    send: (documents: DynamoDBDocumentClient, options: CallOptions) => Promise<unknown>,
  ): Promise<boolean> {
    return this.call(operation, async (documents, options) => {
      try {
        await send(documents, options);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });
  }

  /** @throws ServiceError */
  call<T>(
    operation: string,
    send: (documents: DynamoDBDocumentClient, options: CallOptions) => Promise<T>,
  ): Promise<T> {
    return this.calls.call('payment table', operation, (options) => send(client, options));
  }
}

/** Sets each attribute to its value, for an update's `SET`. */
export function assignments(fields: Item): Expression {
  const entries = Object.entries(fields);
  return {
    expression: entries.map(([name]) => `#${name} = :${name}`).join(', '),
    values: Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value])),
  };
}

/** Adds an entry to a record's history, for an update's `SET`. */
export function historyUpdate({ entry, shortenedHistory }: HistoryChange): Expression {
  if (shortenedHistory !== undefined) return assignments(shortenedHistory);
  return { expression: '#history = list_append(#history, :entries)', values: { ':entries': [entry] } };
}
