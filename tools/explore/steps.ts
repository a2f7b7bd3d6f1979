import { inspect } from 'node:util';
import type { Cores } from '../simulate/core';
import { judgeAnswer, withDiscarded } from './end-rules';
import { judgeStep, type Violation } from './invariants';
import { operatorStart } from './operator';
import { type Call, ProcessFamily, type ProcessState, type Result } from './process';
import { answerOf, endBatch, processorStart } from './processor';
import { inWords, type Operation, type Says, sharesIds } from './scenario';
import type { Running, World } from './world';

/** Something that can happen next. */
export interface Move {
  readonly who: string;
  readonly what: string;
  /** Whether it uses up one of the faults. */
  readonly isFault: boolean;
  readonly make: () => Next | Promise<Next>;
}

export interface Receive extends Move {
  readonly groups: readonly string[];
}

export interface Next {
  readonly world: World;
  readonly violations: readonly Violation[];
}

export type Outcome = 'answered' | 'refused' | 'answer lost' | 'crash behind it';

const FAILED_ANSWER = 'failed';

/** How each move is made: the world as it is then, with what is wrong with it. */
export class Steps {
  private readonly families = new Map<string, ProcessFamily<World>>();
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

  /** An operator's function is invoked. */
  invoke(world: World, operation: Extract<Operation, { kind: 'invoke' }>): Move {
    const name = `op-${world.runs + 1}`;
    return {
      who: 'operator',
      what: `starts ${name}: ${inWords(operation)}`,
      isFault: false,
      make: () => {
        const next = world.fork();
        const one = {
          name,
          kind: 'operator' as const,
          messages: [],
          onFailedPayment: world.onFailedPayment,
          operation,
        };
        return this.begin(next, one, `${name} ${JSON.stringify(operation)}`);
      },
    };
  }

  /** A call is made, and answered or not. */
  answer(before: World, running: Running, call: Call<World>, outcome: Outcome): Next | Promise<Next> {
    const world = before.fork();
    if (outcome !== 'answered') world.faultsLeft--;
    const value = outcome === 'refused' ? undefined : call.effect(world);
    const violations = call.kind === 'write' ? judgeStep(before, world, running) : [];
    world.forgetHowDecided();
    if (outcome === 'crash behind it') {
      leave(world, running);
      return { world, violations };
    }
    if (outcome === 'answered') return this.goOn(world, running, call, { value }, this.keyOf(value), violations);
    return this.goOn(world, running, call, { error: call.failure() }, FAILED_ANSWER, violations);
  }

  private goOn(
    world: World,
    running: Running,
    call: Call<World>,
    answer: Result,
    key: string,
    violations: readonly Violation[],
  ): Next | Promise<Next> {
    const with_ = (state: ProcessState<World>): Next => {
      world.running = world.running.map((one) => (one === running ? { ...running, state } : one));
      return { world, violations };
    };
    const state = running.state.after(call, answer, key);
    return state instanceof Promise ? state.then(with_) : with_(state);
  }

  /** The processor calls the fraud API. */
  check(world: World, running: Running, call: Call<World>, says: Says): Move {
    return {
      who: running.name,
      what: `${call.what}: ${says}`,
      isFault: false,
      make: () => this.goOn(world.fork(), running, call, { value: answerOf(says) }, says, []),
    };
  }

  /** A process has no call left. */
  end(before: World, running: Running): Move {
    const { name, kind, state } = running;
    return {
      who: name,
      what: kind === 'processor' ? 'returns: Lambda deletes what is done' : 'answers',
      isFault: false,
      make: () => {
        const world = before.fork();
        const error = state.result !== undefined && 'error' in state.result ? state.result.error : undefined;
        const isUnexpected = error !== undefined && !(error instanceof this.cores.ServiceError);
        const violations = isUnexpected
          ? [{ invariant: 'comes to an end' as const, what: `${name} throws ${inspect(error)}` }]
          : judgeAnswer(before, running);
        if (kind === 'processor') endBatch(world, running);
        else world.discarded = withDiscarded(before, running);
        leave(world, running);
        return { world, violations };
      },
    };
  }

  /** @param isAgain Lambda started the batch so late that its messages are visible again while it is at work */
  receive(before: World, groups: readonly string[], isAgain: boolean): Receive {
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
          for (const message of world.queue.messages)
            if (groups.includes(message.groupId)) message.hiddenUntil = world.now;
        }
        const messages = world.receive(groups);
        if (messages.length === 0) return { world, violations: [] }; // SQS moved them all to the dead-letter queue
        const { onFailedPayment } = world;
        // Named after its first receive, not after the number of earlier runs.
        const name = `on-${messages[0]!.receiptHandle!.replace('/', '.')}`;
        const key = [
          name,
          onFailedPayment,
          ...messages.map(({ receiptHandle, body }) => `${String(receiptHandle)} ${body}`),
        ].join('\n');
        return this.begin(world, { name, kind: 'processor', messages, onFailedPayment }, key);
      },
    };
  }

  private begin(world: World, one: Omit<Running, 'state'>, key: string): Promise<Next> {
    if (one.kind === 'operator') world.runs++;
    else if (world.running.some(({ kind }) => kind === 'operator')) world.duringRun++;
    let family = this.families.get(key);
    if (family === undefined) {
      const start =
        one.kind === 'operator'
          ? operatorStart(this.cores, one)
          : processorStart(this.cores, one, world.scenario.maxReceiveCount);
      this.families.set(
        key,
        (family = new ProcessFamily(String(this.intern(key)), start, sharesIds(world.scenario), this.intern)),
      );
    }
    return family.begin().then((state) => {
      world.running = [...world.running, { ...one, state }];
      return { world, violations: [] };
    });
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

/** A process is over. */
export function leave(world: World, running: Running): void {
  world.running = world.running.filter((one) => one !== running);
  if (!world.running.some(({ kind }) => kind === 'operator')) world.duringRun = 0;
}

/** A move that no process makes. */
export function simple(before: World, who: string, what: string, happens: (world: World) => void): Move {
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
