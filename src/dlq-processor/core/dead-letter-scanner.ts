import { type Invocation, type Services, timeIsLeft } from './invocation';
import { type DeadLetter, type Receipt, ServiceError } from './ports';

/** What was done with a dead letter. */
export type ScanAction =
  | 'deleted'
  /** It stays in the queue. */
  | 'kept'
  /** It stays, and the walk is over. */
  | 'limit';

export type StoppedBy = 'limit' | 'deadline' | 'error';

export interface ScanResult {
  /** Messages that were looked at, each once. */
  readonly seen: number;
  /** Why the walk ended before it had seen all that can be seen; left out when it had. */
  readonly stoppedBy?: StoppedBy;
  /** Accounts with letters that stay: SQS shows no more than the first ten of each. */
  readonly blockedAccounts: ReadonlySet<string>;
  /** Accounts whose letters were left alone behind an error. */
  readonly stoppedAccounts: ReadonlySet<string>;
  /** What went wrong, by its code. The account's letters behind it were left alone. */
  readonly errors: Readonly<Record<string, number>>;
}

/** A receive brings at most so many. It fills up one account after the other, so it may cut the last one short. */
const FULL_RECEIVE = 10;

/**
 * One walk through the dead-letter queue: accounts at the same time, an account's letters in order. What stays is
 * hidden until the end, so that each receive brings others, and is visible again when the walk returns.
 */
export class DeadLetterScanner {
  private readonly seen = new Set<string>();
  private readonly held = new Map<string, Receipt[]>();
  private readonly stoppedAccounts = new Set<string>();
  private readonly cutShort = new Set<string>();
  private readonly errors = new Map<string, number>();
  private stoppedBy: StoppedBy | undefined;

  constructor(
    private readonly services: Services,
    private readonly invocation: Invocation,
    private readonly visit: (letter: DeadLetter) => Promise<ScanAction>,
  ) {}

  /** @throws ServiceError when not even the first receive succeeded */
  async scan(): Promise<ScanResult> {
    try {
      while (await this.step());
    } catch (error) {
      if (!(error instanceof ServiceError) || this.seen.size === 0) throw error;
      this.note(error);
      this.stoppedBy = 'error';
    } finally {
      await this.release([...this.held.values()].flat(), this.invocation.lastCalls);
    }
    return {
      seen: this.seen.size,
      blockedAccounts: new Set(this.held.keys()),
      stoppedAccounts: this.stoppedAccounts,
      errors: Object.fromEntries(this.errors),
      ...(this.stoppedBy && { stoppedBy: this.stoppedBy }),
    };
  }

  /** @returns whether the walk goes on */
  private async step(): Promise<boolean> {
    if (!this.hasTime()) return false;
    const letters = await this.services.deadLetters.receive(this.invocation.signal);
    if (letters.length === 0) return this.lookAgain();
    const accounts = [...new Set(letters.map(({ groupId }) => groupId))];
    if (letters.length === FULL_RECEIVE && accounts.length > 1) this.cutShort.add(accounts.at(-1)!);
    await Promise.all(
      accounts.map((account) =>
        this.visitAccount(
          account,
          letters.filter(({ groupId }) => groupId === account),
        ),
      ),
    );
    return this.stoppedBy === undefined;
  }

  private async visitAccount(account: string, letters: readonly DeadLetter[]): Promise<void> {
    let deleted = 0;
    for (const letter of letters) {
      const isNew = !this.seen.has(letter.messageId);
      const visit = isNew && this.goesOn(account) ? await this.visitOne(account, letter) : 'kept';
      if (visit === 'deleted') deleted++;
      else this.hold(account, letter);
    }
    // Those in front hide what stands behind the deleted ones.
    if (deleted > 0 && this.goesOn(account)) await this.show([account]);
  }

  private async visitOne(account: string, letter: DeadLetter): Promise<ScanAction> {
    try {
      const visit = await this.visit(letter);
      if (visit === 'limit') this.stoppedBy ??= 'limit';
      else this.seen.add(letter.messageId);
      return visit;
    } catch (error) {
      // Whatever went wrong: the letter stays, and its account's order with it.
      this.seen.add(letter.messageId);
      this.stoppedAccounts.add(account);
      this.note(error, letter.messageId);
      return 'kept';
    }
  }

  private goesOn(account: string): boolean {
    return this.stoppedBy === undefined && !this.stoppedAccounts.has(account) && this.hasTime();
  }

  private hasTime(): boolean {
    if (!timeIsLeft(this.services, this.invocation)) this.stoppedBy ??= 'deadline';
    return this.stoppedBy === undefined;
  }

  /**
   * When nothing else is visible: what stays of accounts that were cut short is shown again. Some may be cut short
   * again, but fewer each time, as each such receive holds another one whole.
   */
  private async lookAgain(): Promise<boolean> {
    const accounts = [...this.cutShort].filter((account) => this.held.has(account) && this.goesOn(account));
    this.cutShort.clear();
    await this.show(accounts);
    return accounts.length > 0;
  }

  private hold(account: string, { messageId, receiptHandle }: DeadLetter): void {
    const held = this.held.get(account) ?? [];
    this.held.set(account, [...held, { messageId, receiptHandle }]);
  }

  private async show(accounts: readonly string[]): Promise<void> {
    const letters = accounts.flatMap((account) => this.held.get(account) ?? []);
    for (const account of accounts) this.held.delete(account);
    await this.release(letters, this.invocation.signal);
  }

  private async release(letters: readonly Receipt[], signal: AbortSignal): Promise<void> {
    const refused = await this.services.deadLetters.release(letters, signal);
    if (refused > 0) this.services.telemetry.warn('Dead letters still hidden', { messages: refused });
  }

  private note(error: unknown, messageId?: string): void {
    const code = codeOf(error);
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
    this.services.telemetry.warn('Dead letter left', {
      error_code: code,
      ...(messageId !== undefined && { message_id: messageId }),
    });
  }
}

/** What an answer says of an error. */
export function codeOf(error: unknown): string {
  if (error instanceof ServiceError) return `${error.service}: ${error.code}`;
  return `Unexpected: ${error instanceof Error ? error.name : typeof error}`;
}
