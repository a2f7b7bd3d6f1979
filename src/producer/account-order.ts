/**
 * Lets each account have one payment under way. A batch may fail for single entries, and one that is sent again would
 * stand behind its successor: so the next is sent when the former has its result.
 */
export class AccountOrder {
  /** The last turn of each account that has one. */
  private readonly turns = new Map<string, Promise<unknown>>();

  /** Does the work when all work that was asked for before on this account is done. */
  inTurn<T>(accountId: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(accountId) ?? Promise.resolve()).then(work).finally(() => {
      if (this.turns.get(accountId) === turn) this.turns.delete(accountId);
    });
    this.turns.set(accountId, turn);
    return turn;
  }
}
