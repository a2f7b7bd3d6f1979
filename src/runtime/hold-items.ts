import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { HELD, type Held, holdKey, readHold, writeHeld } from '../contract';

type Change = Pick<UpdateCommandInput, 'UpdateExpression' | 'ConditionExpression'>;

/**
 * The holds of accounts: one item of the payment table each, with the set of what is held. Every change is one conditional
 * write, or several until one of them fits: an account is in the status index exactly as long as its set has an entry. The methods
 * throw what the SDK throws.
 */
export class HoldItems {
  constructor(
    private readonly client: DynamoDBDocumentClient,
    private readonly tableName: string,
  ) {}

  /** Strongly consistent; oldest first, empty when the account is not held. */
  async read(accountId: string, abortSignal: AbortSignal): Promise<readonly Held[]> {
    const { Item } = await this.client.send(new GetCommand({ ...this.item(accountId), ConsistentRead: true }), {
      abortSignal,
    });
    return readHold(Item);
  }

  /** Adds an entry, the first one too. @param at when, RFC 3339 */
  async hold(accountId: string, payment: Held, at: string, signal: AbortSignal): Promise<void> {
    await this.write(accountId, ADDITION, additionOf(payment, at), signal);
  }

  /** Adds an entry to others. @returns false when the account is not held any more */
  park(accountId: string, payment: Held, at: string, signal: AbortSignal): Promise<boolean> {
    const change = { ...ADDITION, ConditionExpression: 'attribute_exists(#held)' };
    return this.write(accountId, change, additionOf(payment, at), signal);
  }

  /**
   * Takes an entry out; with the last one the account is held no more. The item stays, as deleting it would take a right that no
   * function has on payments.
   */
  async lift(accountId: string, payment: Held, signal: AbortSignal): Promise<void> {
    const values = { ':payment': setOf(payment) };
    const one = { UpdateExpression: 'DELETE #held :payment', ConditionExpression: 'size(#held) > :one' };
    const last = { UpdateExpression: 'REMOVE #held, #status, #since', ConditionExpression: '#held = :payment' };
    for (;;) {
      if (await this.write(accountId, one, { ...values, ':one': 1 }, signal)) return;
      if (await this.write(accountId, last, values, signal)) return;
      // Neither fits: somebody has changed the set between the two writes, or the only entry is another.
      const held = await this.read(accountId, signal);
      if (!held.some((other) => writeHeld(other) === writeHeld(payment))) return;
    }
  }

  private async write(
    accountId: string,
    change: Change,
    values: Readonly<Record<string, unknown>>,
    abortSignal: AbortSignal,
  ): Promise<boolean> {
    const expressions = `${change.UpdateExpression} ${change.ConditionExpression ?? ''}`;
    const names = Object.entries(NAMES).filter(([name]) => expressions.includes(name));
    const command = new UpdateCommand({
      ...this.item(accountId),
      ...change,
      ExpressionAttributeNames: Object.fromEntries(names),
      ExpressionAttributeValues: values,
    });
    try {
      await this.client.send(command, { abortSignal });
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  private item(accountId: string) {
    return { TableName: this.tableName, Key: { transaction_id: holdKey(accountId) } };
  }
}

const ADDITION: Change = {
  UpdateExpression: 'SET #status = :status, #since = if_not_exists(#since, :at) ADD #held :payment',
};

function additionOf(payment: Held, at: string) {
  return { ':payment': setOf(payment), ':status': HELD, ':at': at };
}

const NAMES = { '#held': 'held', '#status': 'payment_status', '#since': 'timestamp' };

function setOf(payment: Held): ReadonlySet<string> {
  return new Set([writeHeld(payment)]);
}
