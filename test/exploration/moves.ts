import type { Cores } from './cores';
import { judgeAnswer, judgeStep, type Violation, withDiscarded } from './invariants';
import { operatorStart } from './operator';
import { type Call, ProcessFamily, type ProcessState, type Result } from './process';
import { answerOf, endBatch, processorStart } from './processor';
import { inWords, type Operation, type Says, sharesIds } from './scenario';
import { type Running, World } from './world';

const LONG_PAUSE_MS = 3_600_000;
/** Within this time SQS remembers what was sent. */
const SHORT_PAUSE_MS = 300_000;

/** Batches that are delivered while an operator's run lasts: one that was slower could meet a payment that fails again and again. */
const MOST_DURING_RUN = 2;

/** Something that can happen next. */
export interface Move {
  readonly who: string;
  readonly what: string;
  /** Whether it uses up one of the faults. */
  readonly isFault: boolean;
  readonly make: () => Next | Promise<Next>;
}

interface Receive extends Move {
  readonly groups: readonly string[];
}

export interface Next {
  readonly world: World;
  readonly violations: readonly Violation[];
}

type Outcome = 'answered' | 'refused' | 'answer lost' | 'crash behind it';

const FAILED_ANSWER = 'failed';

/** What can happen in the worlds of one exploration. */
export class Moves {
  private readonly families = new Map<string, ProcessFamily>();
  private readonly numbers = new Map<string, number>();
  private readonly objects = new WeakMap<object, number>();

  constructor(private readonly cores: Cores) {}

  /** A number for a value: equal for equal values. Objects that it has seen must not change. */
  readonly intern = (value: object | string): number => {
    if (typeof value === 'string') return this.numberOf(value);
    let number = this.objects.get(value);
    if (number === undefined) this.objects.set(value, (number = this.numberOf(JSON.stringify(value))));
    return number;
  };

  /** Every move, the undisturbed ones of what runs first. */
  of(world: World): Move[] {
    const asking = world.running.find(({ state }) => state.pending.some(({ kind }) => kind === 'check'));
    // Nothing else depends on a check, and it on nothing else: whenever it happens, the same follows.
    if (asking !== undefined) return this.checks(world, asking, asking.state.pending.find(({ kind }) => kind === 'check')!);
    // An operator's start by itself does nothing yet.
    const beginning = world.running.find(({ kind, state }) => kind === 'operator' && state.isFirst);
    if (beginning !== undefined) return this.ofProcess(world, beginning);
    const first = this.ofBystander(world);
    if (first.length > 0) return first;
    const alone = this.alone(world);
    if (alone !== undefined) return this.ofProcess(world, alone).slice(0, 1);
    return [
      ...world.running.flatMap((running) => this.ofProcess(world, running)),
      ...this.receives(world),
      ...this.ofOperators(world),
      ...world.unsent.slice(0, 1).map((payment) => simple(world, 'client', `sends ${payment.message.transaction_id} of ${payment.message.account_id}`, (next) => { next.send(payment); })),
      ...this.pauses(world),
    ];
  }

  /**
   * An invocation that nothing can meet any more on the items of its accounts: it commutes with all that others do, so that one
   * order stands for all. Early redeliveries and crashes would meet it, and operators.
   */
  private alone({ running, faultsLeft, operations, scenario }: World): Running | undefined {
    const isOver = faultsLeft === 0 && operations.every((rest) => rest?.length === 0) && !running.some(({ kind }) => kind === 'operator');
    if (!isOver || sharesIds(scenario)) return undefined;
    const isOf = (one: Running, other: Running) => one.messages.some(({ groupId }) => other.messages.some((message) => message.groupId === groupId));
    return running.find((one) => running.every((other) => other === one || !isOf(one, other)));
  }

  /** An operator's function is invoked. */
  invoke(world: World, operation: Extract<Operation, { kind: 'invoke' }>): Move {
    const name = `op-${world.runs + 1}`;
    return {
      who: 'operator',
      what: `starts ${name}: ${inWords(operation)}`,
      isFault: false,
      make: () => {
        const next = world.fork();
        const one = { name, kind: 'operator' as const, messages: [], onFailedPayment: world.onFailedPayment, operation };
        return this.begin(next, one, `${name} ${JSON.stringify(operation)}`);
      },
    };
  }

  private ofBystander(world: World): Move[] {
    const { bystander, payments } = world.scenario;
    if (bystander === undefined) return [];
    const ids = payments.filter(({ message }) => message.account_id === bystander).map(({ message }) => message.transaction_id);
    const isIts = ({ about }: Call) => about !== undefined && (about === bystander || ids.includes(about));
    const calls = world.running.flatMap((running) => running.state.pending.filter(isIts).slice(0, 1).flatMap((call) => this.ofCall(world, running, call)));
    if (calls.length > 0) return calls;
    const ending = world.running.find(({ state, messages }) => state.result !== undefined && messages.length > 0 && messages.every(({ groupId }) => groupId === bystander));
    if (ending !== undefined) return [this.end(world, ending)];
    return world.queue.freeGroups().includes(bystander) ? this.receives(world).filter(({ groups }) => groups.includes(bystander)) : [];
  }

  private ofCall(world: World, running: Running, call: Call): Move[] {
    const outcomes: Outcome[] = world.faultsLeft > 0 ? ['answered', 'refused', 'answer lost', 'crash behind it'] : ['answered'];
    // A read that fails is one that was lost, and a crash behind it is one behind the write before it.
    const possible = call.kind === 'read' ? outcomes.filter((outcome) => outcome === 'answered' || outcome === 'refused') : outcomes;
    return possible.map((outcome): Move => ({
      who: running.name,
      what: outcome === 'answered' ? call.what : `${call.what}: ${outcome}`,
      isFault: outcome !== 'answered',
      make: () => this.answer(world, running, call, outcome),
    }));
  }

  private ofProcess(world: World, running: Running): Move[] {
    const { state, name } = running;
    if (state.result !== undefined) return [this.end(world, running)];
    const calls = state.pending.flatMap((call) => this.ofCall(world, running, call));
    if (!state.isFirst || world.faultsLeft === 0) return calls;
    const die = simple(world, name, 'crashes before its first call', (next) => { leave(next, running); next.faultsLeft--; });
    return [...calls, { ...die, isFault: true }];
  }

  private checks(world: World, running: Running, call: Call): Move[] {
    const payment = world.accepted.find(({ message }) => message.transaction_id === call.about)!;
    const says: readonly Says[] = world.isRepaired ? ['approve'] : payment.says;
    return says.map((one) => ({
      who: running.name,
      what: `${call.what}: ${one}`,
      isFault: false,
      make: () => this.goOn(world.fork(), running, call, { value: answerOf(one) }, one, []),
    }));
  }

  private answer(before: World, running: Running, call: Call, outcome: Outcome): Next | Promise<Next> {
    const world = before.fork();
    if (outcome !== 'answered') world.faultsLeft--;
    const value = outcome === 'refused' ? undefined : call.effect(world);
    const violations = call.kind === 'write' ? judgeStep(before, world, running) : [];
    if (outcome === 'crash behind it') {
      leave(world, running);
      return { world, violations };
    }
    if (outcome === 'answered') return this.goOn(world, running, call, { value }, this.keyOf(value), violations);
    return this.goOn(world, running, call, { error: call.failure() }, FAILED_ANSWER, violations);
  }

  private goOn(world: World, running: Running, call: Call, answer: Result, key: string, violations: readonly Violation[]): Next | Promise<Next> {
    const with_ = (state: ProcessState): Next => {
      world.running = world.running.map((one) => (one === running ? { ...running, state } : one));
      return { world, violations };
    };
    const state = running.state.after(call, answer, key);
    return state instanceof Promise ? state.then(with_) : with_(state);
  }

  private end(before: World, running: Running): Move {
    const { name, kind, state } = running;
    return {
      who: name,
      what: kind === 'processor' ? 'returns: Lambda deletes what is done' : 'answers',
      isFault: false,
      make: () => {
        const world = before.fork();
        const error = state.result !== undefined && 'error' in state.result ? state.result.error : undefined;
        const isUnexpected = error !== undefined && !(error instanceof this.cores.ServiceError);
        const violations = isUnexpected ? [{ invariant: 'comes to an end' as const, what: `${name} throws ${String(error)}` }] : judgeAnswer(before, running);
        if (kind === 'processor') endBatch(world, running);
        else world.discarded = withDiscarded(before, running);
        leave(world, running);
        return { world, violations };
      },
    };
  }

  private receives(world: World): Receive[] {
    const { running, scenario, queue } = world;
    if (running.filter(({ kind }) => kind === 'processor').length >= scenario.invocations || world.duringRun >= MOST_DURING_RUN) return [];
    const moves = subsets(queue.freeGroups()).map((groups) => this.receive(world, groups, false));
    if (world.faultsLeft === 0 || world.redeliveriesLeft === 0) return moves;
    // Lambda started the batch late, so that its messages are visible again while it is at work.
    const late = running.flatMap(({ messages }) => [...new Set(messages.map(({ groupId }) => groupId))]);
    const hidden = late.filter((group) => !queue.freeGroups().includes(group) && queue.messages.some(({ groupId }) => groupId === group));
    return [...moves, ...hidden.map((group) => this.receive(world, [group], true))];
  }

  private receive(before: World, groups: readonly string[], isAgain: boolean): Receive {
    return {
      groups,
      who: 'SQS',
      what: `delivers ${groups.join(' and ')}${isAgain ? ' again, though an invocation is still at it' : ''}`,
      isFault: isAgain,
      make: () => {
        const world = before.fork();
        if (isAgain) {
          world.faultsLeft--;
          world.redeliveriesLeft--;
          for (const message of world.queue.messages) if (groups.includes(message.groupId)) message.hiddenUntil = world.now;
        }
        const messages = world.receive(groups);
        if (messages.length === 0) return { world, violations: [] }; // SQS moved them all to the dead-letter queue
        const { onFailedPayment } = world;
        // Named after its first receive, whatever has run before.
        const name = `on-${messages[0]!.receiptHandle!.replace('/', '.')}`;
        const key = [name, onFailedPayment, ...messages.map(({ receiptHandle, body }) => `${String(receiptHandle)} ${body}`)].join('\n');
        return this.begin(world, { name, kind: 'processor', messages, onFailedPayment }, key);
      },
    };
  }

  private begin(world: World, one: Omit<Running, 'state'>, key: string): Promise<Next> {
    if (one.kind === 'operator') world.runs++;
    else if (world.running.some(({ kind }) => kind === 'operator')) world.duringRun++;
    let family = this.families.get(key);
    if (family === undefined) {
      const start = one.kind === 'operator' ? operatorStart(this.cores, one) : processorStart(this.cores, one, world.scenario.maxReceiveCount);
      this.families.set(key, (family = new ProcessFamily(String(this.intern(key)), start, sharesIds(world.scenario), this.intern)));
    }
    return family.begin().then((state) => {
      world.running = [...world.running, { ...one, state }];
      return { world, violations: [] };
    });
  }

  private ofOperators(world: World): Move[] {
    return world.operations.flatMap((chosen, operator) => {
      const lists = chosen === undefined ? world.scenario.operators[operator]! : [chosen];
      const isBusy = world.running.some(({ kind }) => kind === 'operator') && world.scenario.operators.length === 1;
      if (isBusy) return [];
      return lists.flatMap(([first, ...rest]) => (first === undefined ? [] : [this.operate(world, operator, first, rest)]));
    });
  }

  private operate(before: World, operator: number, operation: Operation, rest: readonly Operation[]): Move {
    const chosen = (world: World) => Object.assign(world.fork(), { operations: world.operations.map((old, index) => (index === operator ? rest : old)) });
    if (operation.kind === 'invoke') return this.invoke(chosen(before), operation);
    return simple(chosen(before), 'operator', inWords(operation), (world) => {
      if (operation.kind === 'purge') world.purge();
      else world.onFailedPayment = operation.to;
    });
  }

  /** When nothing runs, and nothing can be received, time passes until something can be; or much time. */
  private pauses(world: World): Move[] {
    const { queue, deadLetters, running, now } = world;
    const returns = [queue.nextReturn, deadLetters.nextReturn].filter((at) => at !== undefined);
    if (running.length > 0 || queue.freeGroups().length > 0 || returns.length === 0) return [];
    const until = Math.min(...returns) - now;
    const pauses = until < SHORT_PAUSE_MS ? [until, LONG_PAUSE_MS] : [until];
    return pauses.map((ms) => simple(world, 'time', `${ms / 1_000} s pass`, (next) => { next.now += ms; }));
  }

  private keyOf(value: unknown): string {
    return typeof value === 'object' && value !== null ? String(this.intern(value)) : String(value);
  }

  private numberOf(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) this.numbers.set(text, (number = this.numbers.size));
    return number;
  }
}

function leave(world: World, running: Running): void {
  world.running = world.running.filter((one) => one !== running);
  if (!world.running.some(({ kind }) => kind === 'operator')) world.duringRun = 0;
}

function simple(before: World, who: string, what: string, happens: (world: World) => void): Move {
  return {
    who,
    what,
    isFault: false,
    make: () => {
      const world = before.fork();
      happens(world);
      return { world, violations: [] };
    },
  };
}

/** Not empty, the whole first. */
function subsets(groups: readonly string[]): string[][] {
  const [first, ...rest] = groups;
  if (first === undefined) return [];
  const others = subsets(rest);
  return [...others.map((other) => [first, ...other]), [first], ...others];
}
