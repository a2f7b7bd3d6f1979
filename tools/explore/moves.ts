import type { Call } from './process';
import { inWords, isReduced, type Operation, type Says, sharesIds } from './scenario';
import { leave, type Move, type Outcome, type Receive, simple, type Steps } from './steps';
import type { Running, World } from './world';

const LONG_PAUSE_MS = 3_600_000;
/** Within this time SQS deduplicates. */
const SHORT_PAUSE_MS = 300_000;

/** The possible moves in the worlds of one exploration. */
export class Moves {
  constructor(private readonly steps: Steps) {}

  /** Every move, the undisturbed ones of what runs first. */
  of(world: World): Move[] {
    const asking = world.running.find(({ state }) => state.pending.some(({ kind }) => kind === 'check'));
    // Nothing else depends on a check, and it on nothing else: whenever it happens, the same follows.
    if (asking !== undefined)
      return this.checks(
        world,
        asking,
        asking.state.pending.find(({ kind }) => kind === 'check')!,
      );
    // An operator's start by itself does nothing yet.
    const beginning = world.running.find(({ kind, state }) => kind === 'operator' && state.isFirst);
    if (beginning !== undefined) return this.ofProcess(world, beginning);
    const ending = this.ending(world);
    if (ending !== undefined) return [this.steps.end(world, ending)];
    const first = this.ofBystander(world);
    if (first.length > 0) return first;
    const alone = this.alone(world);
    if (alone !== undefined) return this.ofProcess(world, alone).slice(0, 1);
    return [
      ...world.running.flatMap((running) => this.ofProcess(world, running)),
      ...this.receives(world),
      ...this.ofOperators(world),
      ...world.unsent.slice(0, 1).map((payment) =>
        simple(world, 'client', `sends ${payment.message.transaction_id} of ${payment.message.account_id}`, (next) => {
          next.send(payment);
        }),
      ),
      ...this.pauses(world),
    ];
  }

  /**
   * An invocation that has no call left ends before anything else happens: its end commutes with all that others do. An operator's
   * answer that a payment is discarded is wrong when the payment has been decided, and a decision after the answer is wrong too.
   * A batch's end deletes and hides messages that no other process receives, unless they are received again while it is at work.
   */
  private ending({ running, faultsLeft, redeliveriesLeft, scenario }: World): Running | undefined {
    if (!isReduced(scenario, 'ends first')) return undefined;
    const isShared = ({ messages }: Running) =>
      (faultsLeft > 0 && redeliveriesLeft > 0) ||
      running.filter((other) =>
        messages.some(({ groupId }) => other.messages.some((message) => message.groupId === groupId)),
      ).length > 1;
    return running.find((one) => one.state.result !== undefined && (one.kind === 'operator' || !isShared(one)));
  }

  /**
   * An invocation that nothing can meet any more on the items of its accounts: it commutes with all that others do, so that one
   * order stands for all. Early redeliveries and crashes would meet it, and operators.
   */
  private alone({ running, faultsLeft, operations, scenario }: World): Running | undefined {
    const isOver =
      faultsLeft === 0 &&
      operations.every((rest) => rest?.length === 0) &&
      !running.some(({ kind }) => kind === 'operator');
    if (!isOver || sharesIds(scenario) || !isReduced(scenario, 'alone')) return undefined;
    const isOf = (one: Running, other: Running) =>
      one.messages.some(({ groupId }) => other.messages.some((message) => message.groupId === groupId));
    return running.find((one) => running.every((other) => other === one || !isOf(one, other)));
  }

  private ofBystander(world: World): Move[] {
    const { bystander, payments } = world.scenario;
    if (bystander === undefined) return [];
    const ids = payments
      .filter(({ message }) => message.account_id === bystander)
      .map(({ message }) => message.transaction_id);
    const isIts = ({ about }: Call<World>) => about !== undefined && (about === bystander || ids.includes(about));
    const calls = world.running.flatMap((running) =>
      running.state.pending
        .filter(isIts)
        .slice(0, 1)
        .flatMap((call) => this.ofCall(world, running, call)),
    );
    if (calls.length > 0) return calls;
    const ending = world.running.find(
      ({ state, messages }) =>
        state.result !== undefined && messages.length > 0 && messages.every(({ groupId }) => groupId === bystander),
    );
    if (ending !== undefined) return [this.steps.end(world, ending)];
    return world.queue.freeGroups().includes(bystander)
      ? this.receives(world).filter(({ groups }) => groups.includes(bystander))
      : [];
  }

  private ofCall(world: World, running: Running, call: Call<World>): Move[] {
    const outcomes: Outcome[] =
      world.faultsLeft > 0 ? ['answered', 'refused', 'answer lost', 'crash behind it'] : ['answered'];
    // A read that fails is one that was lost, and a crash behind it is one behind the write before it.
    const possible =
      call.kind === 'read' ? outcomes.filter((outcome) => outcome === 'answered' || outcome === 'refused') : outcomes;
    return possible.map((outcome): Move => ({
      who: running.name,
      what: outcome === 'answered' ? call.what : `${call.what}: ${outcome}`,
      isFault: outcome !== 'answered',
      make: () => this.steps.answer(world, running, call, outcome),
    }));
  }

  private ofProcess(world: World, running: Running): Move[] {
    const { state, name } = running;
    if (state.result !== undefined) return [this.steps.end(world, running)];
    const calls = state.pending.flatMap((call) => this.ofCall(world, running, call));
    if (!state.isFirst || world.faultsLeft === 0) return calls;
    const die = simple(world, name, 'crashes before its first call', (next) => {
      leave(next, running);
      next.faultsLeft--;
    });
    return [...calls, { ...die, isFault: true }];
  }

  private checks(world: World, running: Running, call: Call<World>): Move[] {
    const payment = world.accepted.find(
      ({ message }) => message.transaction_id === call.payment && message.account_id === call.about,
    )!;
    const says: readonly Says[] = world.isRepaired ? ['approve'] : payment.says;
    return says.map((one) => this.steps.check(world, running, call, one));
  }

  private receives(world: World): Receive[] {
    const { running, scenario, queue } = world;
    if (
      running.filter(({ kind }) => kind === 'processor').length >= scenario.invocations ||
      world.duringRun >= scenario.batchesDuringRun
    )
      return [];
    const moves = subsets(queue.freeGroups()).map((groups) => this.steps.receive(world, groups, false));
    if (world.faultsLeft === 0 || world.redeliveriesLeft === 0) return moves;
    // Lambda started the batch late, so that its messages are visible again while it is at work.
    const late = running.flatMap(({ messages }) => [...new Set(messages.map(({ groupId }) => groupId))]);
    const hidden = late.filter(
      (group) => !queue.freeGroups().includes(group) && queue.messages.some(({ groupId }) => groupId === group),
    );
    return [...moves, ...hidden.map((group) => this.steps.receive(world, [group], true))];
  }

  private ofOperators(world: World): Move[] {
    return world.operations.flatMap((chosen, operator) => {
      const lists = chosen === undefined ? world.scenario.operators[operator]! : [chosen];
      const isBusy = world.running.some(({ kind }) => kind === 'operator') && world.scenario.operators.length === 1;
      if (isBusy) return [];
      return lists.flatMap(([first, ...rest]) =>
        first === undefined ? [] : [this.operate(world, operator, first, rest)],
      );
    });
  }

  private operate(before: World, operator: number, operation: Operation, rest: readonly Operation[]): Move {
    const chosen = (world: World) =>
      Object.assign(world.fork(), {
        operations: world.operations.map((old, index) => (index === operator ? rest : old)),
      });
    if (operation.kind === 'invoke') return this.steps.invoke(chosen(before), operation);
    return simple(chosen(before), 'operator', inWords(operation), (world) => {
      if (operation.kind === 'purge') world.purge();
      else world.onFailedPayment = operation.to;
    });
  }

  /** Lets time pass when nothing runs and nothing can be received: until a message is visible, or much longer. */
  private pauses(world: World): Move[] {
    const { queue, deadLetters, running, now } = world;
    const returns = [queue.nextReturn, deadLetters.nextReturn].filter((at) => at !== undefined);
    if (running.length > 0 || queue.freeGroups().length > 0 || returns.length === 0) return [];
    const until = Math.min(...returns) - now;
    const pauses = until < SHORT_PAUSE_MS ? [until, LONG_PAUSE_MS] : [until];
    return pauses.map((ms) =>
      simple(world, 'time', `${ms / 1_000} s pass`, (next) => {
        next.now += ms;
      }),
    );
  }
}

/** All subsets but the empty one, the whole first. */
function subsets(groups: readonly string[]): string[][] {
  const [first, ...rest] = groups;
  if (first === undefined) return [];
  const others = subsets(rest);
  return [...others.map((other) => [first, ...other]), [first], ...others];
}
