import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isDecision, OUTCOMES, type PaymentMessage } from '../../src/contract';
import type { PaymentProducer } from '../../src/producer';
import { generatedPayment } from '../kit/payments/generated-payment';
import { type SeededRandom, seededRandom } from '../kit/random';

const ACCOUNTS = 40;
const POISON_ACCOUNT = 'account-poison';
const TICK_MS = 200;
/** Records that are kept, in addition to those of failed payments: more than a drill sends. All of a day would fill the memory. */
const MOST_RECORDS = 5_000;
/** Deleted at a time. */
const AT_ONCE = 50;

export interface TrafficOptions {
  readonly producer: PaymentProducer;
  readonly table: { readonly client: DynamoDBClient; readonly name: string };
  /** Payments a second. */
  readonly rate: number;
  /** Told of each payment that SQS has accepted. */
  readonly onAccepted?: (transactionId: string) => void;
}

/** Sends new payments of several accounts to the local pipeline, and deletes the oldest decided ones, so that it can run for days. */
export class Traffic {
  /** Payments that SQS has accepted. */
  accepted = 0;
  /** When SQS accepted each of the latest, in milliseconds since the epoch. */
  readonly sentAt = new Map<string, number>();
  /** Whether one more account, of whose payments the fraud API refuses each, sends as many as all others. */
  isPoisoned = false;
  private readonly began = Date.now();
  private readonly prefix = `local-${this.began.toString(36)}-`;
  private readonly random: SeededRandom;
  private readonly documents: DynamoDBDocumentClient;
  private made = 0;
  private due = 0;
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: TrafficOptions) {
    this.random = seededRandom(this.began % 2_147_483_647);
    this.documents = DynamoDBDocumentClient.from(options.table.client);
  }

  start(): void {
    let last = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      this.due += ((now - last) / 1_000) * this.options.rate;
      last = now;
      const count = Math.floor(this.due);
      this.due -= count;
      if (count > 0) this.send(count);
    }, TICK_MS);
  }

  /** Sends payments at once, behind those that are being sent. */
  send(count: number): void {
    const payments = Array.from({ length: count }, () => this.payment());
    const poison = this.isPoisoned ? payments.map(() => this.payment(POISON_ACCOUNT)) : [];
    this.deliverInTurn([...payments, ...poison]);
  }

  /** Sends one payment that the fraud API refuses permanently. */
  sendPoison(): void {
    this.deliverInTurn([this.payment(POISON_ACCOUNT)]);
  }

  /** Whether a payment is of this traffic. */
  has(transactionId: string): boolean {
    return transactionId.startsWith(this.prefix);
  }

  /** Waits until all that was to be sent so far is sent. */
  async sent(): Promise<void> {
    await this.sending;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.sent();
  }

  private deliverInTurn(payments: readonly PaymentMessage[]): void {
    this.sending = this.sending.then(() => this.deliver(payments));
  }

  private async deliver(payments: readonly PaymentMessage[]): Promise<void> {
    await this.options.producer.send(payments, {
      onResult: (result) => {
        if (result.status !== 'accepted') return;
        const { transaction_id } = result.payment;
        this.accepted++;
        this.sentAt.set(transaction_id, Date.now());
        this.options.onAccepted?.(transaction_id);
      },
    });
    while (this.sentAt.size > MOST_RECORDS + AT_ONCE) await this.forget([...this.sentAt.keys()].slice(0, AT_ONCE));
  }

  /** Failed payments stay: a person may look for them. */
  private async forget(ids: readonly string[]): Promise<void> {
    const { name: TableName } = this.options.table;
    for (const transaction_id of ids) {
      this.sentAt.delete(transaction_id);
      const decisions = OUTCOMES.filter(isDecision);
      await this.documents
        .send(
          new DeleteCommand({
            TableName,
            Key: { transaction_id },
            ConditionExpression: `payment_status IN (${decisions.map((_, index) => `:d${index}`).join(', ')})`,
            ExpressionAttributeValues: Object.fromEntries(decisions.map((status, index) => [`:d${index}`, status])),
          }),
        )
        .catch(() => undefined); // not decided, or the table is throttled
    }
  }

  /** @param account of a payment that is refused permanently */
  private payment(account?: string): PaymentMessage {
    const number = ++this.made;
    const payment = generatedPayment(this.random, {
      transaction_id: `${this.prefix}${number}`,
      accounts: ACCOUNTS,
      isPoison: account !== undefined,
      requested_at: new Date().toISOString(),
      reference: `Order ${number}`,
    });
    return account === undefined ? payment : { ...payment, account_id: account };
  }
}
