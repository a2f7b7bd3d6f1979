import { type Invocation, ServiceError } from '../../runtime/ports';
import { codeOf, type DeadLetter, type Receipt, type Services, timeIsLeft } from './ports';

/** The result of visiting a dead letter. */
export type ScanAction =
  | 'deleted'
  /** It stays in the queue. */
  | 'kept'
  /** It stays, and the scan ends. */
  | 'limit';

export type StoppedBy = 'limit' | 'deadline' | 'error';

export interface ScanResult {
  /** Messages that were visited, each once. */
  readonly seen: number;
  /** Why the scan ended before it had seen all that can be seen; left out when it had. */
  readonly stoppedBy?: StoppedBy;
  /** Accounts with letters that stay: SQS shows no more than the first ten of each. */
  readonly blockedAccounts: ReadonlySet<string>;
  /** Accounts whose later letters were skipped after an error. */
  readonly stoppedAccounts: ReadonlySet<string>;
  /** The code of the error after which the account's later letters were skipped. */
  readonly errors: Readonly<Record<string, number>>;
}

/** The most messages of a receive. It fills up one account after the other, so it may cut the last one short. */
const FULL_RECEIVE = 10;

/**
 * Scans the dead-letter queue: accounts at the same time, the letters of one account in order. Letters that stay are hidden until the
 * end, so that each receive brings others, and are visible again when the scan returns.
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
      await this.release([...this.held.values()].flat());
    }
    return {
      seen: this.seen.size,
      blockedAccounts: new Set(this.held.keys()),
      stoppedAccounts: this.stoppedAccounts,
      errors: Object.fromEntries(this.errors),
      ...(this.stoppedBy && { stoppedBy: this.stoppedBy }),
    };
  }

  /** @returns whether the scan continues */
  private async step(): Promise<boolean> {
    if (!this.hasTime()) return false;
    const letters = await this.services.deadLetters.receive();
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
    return true;
  }

  private async visitAccount(account: string, letters: readonly DeadLetter[]): Promise<void> {
    let deleted = 0;
    for (const letter of letters) {
      const isNew = !this.seen.has(letter.messageId);
      if (isNew && this.goesOn(account) && (await this.visitOne(account, letter))) deleted++;
      else this.hold(account, letter);
    }
    // The letters that stay hide those behind the deleted ones.
    if (deleted > 0 && this.goesOn(account)) await this.show([account]);
  }

  /** @returns whether it was deleted */
  private async visitOne(account: string, letter: DeadLetter): Promise<boolean> {
    try {
      const action = await this.visit(letter);
      if (action === 'limit') this.stoppedBy ??= 'limit';
      else this.seen.add(letter.messageId);
      return action === 'deleted';
    } catch (error) {
      // After any error the letter stays, so that its account's order holds.
      this.seen.add(letter.messageId);
      this.stoppedAccounts.add(account);
      this.note(error, letter.messageId);
      return false;
    }
  }

  private goesOn(account: string): boolean {
    return !this.stoppedAccounts.has(account) && this.hasTime();
  }

  private hasTime(): boolean {
    if (!timeIsLeft(this.services, this.invocation)) this.stoppedBy ??= 'deadline';
    return this.stoppedBy === undefined;
  }

  /**
   * When nothing else is visible, shows the letters of accounts again that a receive had cut short. Some may be cut short again, but
   * fewer each time, as each such receive holds another account whole.
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
    await this.release(letters);
  }

  private async release(letters: readonly Receipt[]): Promise<void> {
    const refused = await this.services.deadLetters.release(letters);
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
