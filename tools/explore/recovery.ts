import { isDecision, isDiscarded, type PaymentRecord } from '../../src/contract';
import { ownRecord, type Violation } from './invariants';
import type { Moves } from './moves';
import { discarding, type ExploredPayment, type Operation, payment, redriving } from './scenario';
import type { Steps } from './steps';
import type { World } from './world';

const LONG_MS = 3_600_000;
/** The first number of its runs, which are more than any run before. */
const FIRST_RUN = 100;

type Invoke = Extract<Operation, { kind: 'invoke' }>;

/** Recovers by the steps of the runbooks, and returns the violations of the result. */
export interface Recovery {
  readonly violations: readonly Violation[];
  readonly steps: readonly string[];
}

/**
 * Lets an operator bring every account on, or give its payments up, while the fraud API approves everything and nothing
 * fails; then each account sends one more payment, which must be decided.
 */
export class Operator {
  private readonly seen = new Set<string>();

  constructor(
    private readonly moves: Moves,
    private readonly steps: Steps,
  ) {}

  /** @returns undefined when this world has been judged before */
  async recover(from: World, way: 'redrive' | 'discard'): Promise<Recovery | undefined> {
    const world = from.fork();
    Object.assign(world, {
      faultsLeft: 0,
      operations: [],
      unsent: [],
      isRepaired: true,
      now: from.now + LONG_MS,
      runs: FIRST_RUN,
      onFailedPayment: from.scenario.onFailedPayment,
    });
    const key = `${way} ${world.key(this.steps.intern)}`;
    if (this.seen.has(key)) return undefined;
    this.seen.add(key);
    const run = new Run(this.moves, this.steps, world);
    await (way === 'redrive' ? run.redriveAll() : run.discardAll());
    return run;
  }
}

class Run implements Recovery {
  readonly violations: Violation[] = [];
  readonly steps: string[] = [];

  constructor(
    private readonly moves: Moves,
    private readonly made: Steps,
    private world: World,
  ) {}

  async redriveAll(): Promise<void> {
    for (const account of this.accounts()) {
      await this.invoke(redriving({ accountIds: [account] }) as Invoke);
      await this.forThose(account, (transactionIds) => redriving({ transactionIds }));
      await this.restart(account);
      await this.probe(account);
      for (const { message } of this.undone(account))
        this.blocked(`${message.transaction_id} is not decided after any redrive`);
    }
  }

  async discardAll(): Promise<void> {
    for (const account of this.accounts()) {
      await this.invoke(discarding({ accountIds: [account] }) as Invoke);
      await this.forThose(account, (transactionIds) => discarding({ transactionIds }));
      for (const one of this.undone(account, true)) this.send(one);
      await this.settle();
      await this.probe(account);
    }
  }

  /** Twice: what waited for another may go then. */
  private async forThose(account: string, operation: (ids: string[]) => Operation): Promise<void> {
    for (let round = 1; round <= 2; round++) {
      const undone = this.undone(account).map(({ message }) => message.transaction_id);
      if (undone.length > 0) await this.invoke(operation(undone) as Invoke);
    }
  }

  /** The runbooks' procedure when the message of a redriven payment has gone. At rest, this is so for every such payment. */
  private async restart(account: string): Promise<void> {
    const transactionIds = this.undone(account)
      .filter((one) => isOnItsWay(ownRecord(one, this.world)))
      .map(({ message }) => message.transaction_id);
    if (transactionIds.length === 0) return;
    await this.invoke(discarding({ transactionIds }) as Invoke);
    await this.invoke(redriving({ transactionIds }) as Invoke);
  }

  private async probe(account: string): Promise<void> {
    const probe = payment(account, `probe-${account}`);
    this.send(probe);
    await this.settle();
    const record = ownRecord(probe, this.world);
    if (record === undefined || !isDecision(record.payment_status))
      this.blocked(`a new payment of ${account} is not decided after any step of the operator`);
  }

  private send(one: ExploredPayment): void {
    this.steps.push(`client       sends ${one.message.transaction_id} of ${one.message.account_id}`);
    this.world = this.world.fork();
    this.world.send(one);
  }

  private async invoke(operation: Invoke): Promise<void> {
    const move = this.made.invoke(this.world, operation);
    this.steps.push(`operator     ${move.what}`);
    this.world = (await move.make()).world;
    const redriven = new Set<string>();
    await this.settle(redriven);
    for (const id of redriven) {
      const isUndone = this.accounts().some((account) =>
        this.undone(account).some(({ message }) => message.transaction_id === id),
      );
      if (isUndone)
        this.violations.push({
          invariant: 'answers true',
          what: `the operator was told that ${id} is redriven, and it waits as before`,
        });
    }
  }

  /** Runs until nothing is left to do. */
  private async settle(redriven = new Set<string>()): Promise<void> {
    for (;;) {
      for (const { state } of this.world.running) {
        for (const { event, transactionId } of state.told)
          if (event === 'Payment redriven' && transactionId !== undefined) redriven.add(transactionId);
      }
      const [move] = this.moves.of(this.world);
      if (move === undefined) return;
      const { world, violations } = await move.make();
      this.steps.push(`${move.who.padEnd(12)} ${move.what}`);
      this.violations.push(...violations);
      this.world = world;
    }
  }

  /** Payments that an operator can still do something for. */
  private undone(account: string, withLost = false): ExploredPayment[] {
    return this.world.accepted.filter((one) => {
      if (one.message.account_id !== account) return false;
      const record = ownRecord(one, this.world);
      if (record === undefined)
        return (withLost || this.world.hasLetter(one)) && !this.world.records.records.has(one.message.transaction_id);
      return !isDecision(record.payment_status) && (withLost || !isDiscarded(record));
    });
  }

  private accounts(): string[] {
    return [...new Set(this.world.scenario.payments.map(({ message }) => message.account_id))];
  }

  private blocked(what: string): void {
    this.violations.push({ invariant: 'no account blocked', what });
  }
}

/** Its record says so: it is claimed, or redriven. */
function isOnItsWay(record: PaymentRecord | undefined): boolean {
  return record?.payment_status === 'PROCESSING' && record.parked_behind === undefined;
}
