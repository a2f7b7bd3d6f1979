import type { Cores } from '../simulate/core';
import { judgeRest } from './end-rules';
import type { Invariant, Violation } from './invariants';
import { Moves } from './moves';
import { Operator } from './recovery';
import { isReduced, type Scenario } from './scenario';
import { type Move, Steps } from './steps';
import { World } from './world';
import { CommandError } from '../../src/cli/command-error';

/** A path to a state that violates an invariant. */
export interface Finding extends Violation {
  readonly scenario: string;
  /** Index of each move among the possible ones, from the start. */
  readonly choices: readonly number[];
  readonly steps: readonly string[];
}

export interface Exploration {
  readonly scenario: string;
  readonly faults: number;
  /** Distinct states of the world with all its processes. */
  readonly states: number;
  /** Distinct moves between them. */
  readonly moves: number;
  /** Distinct executions from the start to an end, each a sequence of moves. */
  readonly executions: number;
  /** Distinct worlds at rest, each of which an operator had to bring on. */
  readonly rests: number;
  /** The shortest path to each violated invariant. */
  readonly findings: readonly Finding[];
  /** Whether every schedule was covered. */
  readonly isComplete: boolean;
}

export interface Limits {
  /** Ends the exploration early. */
  readonly goesOn?: (states: number) => boolean;
  /** Ends it at the first violation of one of these. */
  readonly stopAt?: readonly Invariant[];
}

/** Makes these moves, one after the other, and then lets an operator clean up. */
export async function replay(
  scenario: Scenario,
  cores: Cores,
  choices: readonly number[],
): Promise<{ readonly steps: readonly string[]; readonly violations: readonly Violation[] }> {
  const made = new Steps(cores);
  const moves = new Moves(made);
  const steps: string[] = [];
  const violations: Violation[] = [];
  let world = World.begin(scenario);
  for (const choice of choices) {
    const move = moves.of(world)[choice];
    if (move === undefined)
      throw new CommandError(`"${scenario.name}" has no choice ${choice} at step ${steps.length + 1}.`);
    const next = await move.make();
    steps.push(`${move.who.padEnd(12)} ${move.what}`);
    violations.push(...next.violations);
    world = next.world;
  }
  if (violations.length > 0 || !isAtRest(world)) return { steps, violations };
  violations.push(...judgeRest(world));
  for (const way of ['redrive', 'discard'] as const) {
    const recovery = await new Operator(moves, made).recover(world, way);
    if (recovery === undefined || recovery.violations.length === 0) continue;
    steps.push(AT_REST, ...recovery.steps);
    violations.push(...recovery.violations);
  }
  return { steps, violations };
}

function isAtRest({ running, queue }: World): boolean {
  return running.length === 0 && queue.messages.length === 0;
}

interface Frame {
  readonly key: string;
  readonly world: World;
  readonly moves: readonly Move[];
  next: number;
  executions: number;
}

const ON_THE_WAY = -1;
const AT_REST = '-- at rest; from here on everything works, and an operator cleans up --';

/** Depth first through everything that can happen in a scenario; a state that was met before is not entered again. */
export async function explore(scenario: Scenario, cores: Cores, limits: Limits = {}): Promise<Exploration> {
  return new Explorer(scenario, cores, limits).run();
}

class Explorer {
  private readonly steps: Steps;
  private readonly moves: Moves;
  private readonly operator: Operator;
  private readonly comparesStates: boolean;
  /** Executions from each state to an end. */
  private readonly known = new Map<string, number>();
  private readonly stack: Frame[] = [];
  private readonly findings = new Map<Invariant, Finding>();
  private moved = 0;
  private rests = 0;

  constructor(
    private readonly scenario: Scenario,
    cores: Cores,
    private readonly limits: Limits,
  ) {
    this.steps = new Steps(cores);
    this.moves = new Moves(this.steps);
    this.operator = new Operator(this.moves, this.steps);
    this.comparesStates = isReduced(scenario, 'known states');
  }

  async run(): Promise<Exploration> {
    const { name, faults } = this.scenario;
    let executions = 0;
    let isStopped = false;
    await this.enter(World.begin(this.scenario));
    while (this.stack.length > 0) {
      if (this.isEnough()) {
        isStopped = true;
        break;
      }
      const frame = this.stack.at(-1)!;
      const move = frame.moves[frame.next++];
      if (move === undefined) {
        this.stack.pop();
        const total = Math.max(frame.executions, 1);
        this.known.set(frame.key, total);
        const parent = this.stack.at(-1);
        if (parent === undefined) executions = total;
        else parent.executions += total;
        continue;
      }
      const made = move.make();
      const { world, violations } = made instanceof Promise ? await made : made;
      this.moved++;
      violations.forEach((violation) => {
        this.found(violation);
      });
      if (violations.length > 0)
        frame.executions++; // what comes after a violation says nothing
      else await this.enter(world);
    }
    return {
      scenario: name,
      faults,
      states: this.known.size,
      moves: this.moved,
      executions,
      rests: this.rests,
      findings: [...this.findings.values()],
      isComplete: !isStopped,
    };
  }

  private async enter(world: World): Promise<void> {
    const state = world.key(this.steps.intern);
    const key = this.comparesStates ? state : `${this.known.size} ${state}`;
    const known = this.known.get(key);
    if (known !== undefined) {
      if (known === ON_THE_WAY) this.found({ invariant: 'comes to an end', what: 'it goes in circles' });
      else this.stack.at(-1)!.executions += known;
      return;
    }
    this.known.set(key, ON_THE_WAY);
    if (isAtRest(world)) await this.rest(world);
    this.stack.push({ key, world, moves: this.moves.of(world), next: 0, executions: 0 });
  }

  private async rest(world: World): Promise<void> {
    judgeRest(world).forEach((violation) => {
      this.found(violation);
    });
    for (const way of ['redrive', 'discard'] as const) {
      const recovery = await this.operator.recover(world, way);
      if (recovery === undefined) continue;
      this.rests++;
      recovery.violations.forEach((violation) => {
        this.found(violation, [AT_REST, ...recovery.steps]);
      });
    }
  }

  private found(violation: Violation, then: readonly string[] = []): void {
    const known = this.findings.get(violation.invariant);
    const length = this.stack.length + then.length;
    if (known !== undefined && known.steps.length <= length) return;
    const taken = this.stack.map(({ moves, next }) => moves[next - 1]!);
    const steps = [...taken.map(({ who, what }) => `${who.padEnd(12)} ${what}`), ...then];
    this.findings.set(violation.invariant, {
      ...violation,
      scenario: this.scenario.name,
      choices: this.stack.map(({ next }) => next - 1),
      steps,
    });
  }

  private isEnough(): boolean {
    const { goesOn, stopAt = [] } = this.limits;
    return stopAt.some((invariant) => this.findings.has(invariant)) || goesOn?.(this.known.size) === false;
  }
}
