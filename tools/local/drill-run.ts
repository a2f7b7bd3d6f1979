import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, messageOf } from '../../src/cli/command-error';
import { pluralize } from '../../src/cli/pluralize';
import type { Alarm } from '../kit/cloudwatch/alarm';
import { type Drill, drillNamed, DRILLS, type DrillTarget } from './drills';

const MINUTE_MS = 60_000;
const POLL_MS = 250;
/** Minutes of pipeline time that recovery may take: five minutes of real time, for a slow machine. */
const LONGEST_RECOVERY_MINUTES = 300;
/** Alarms that ring until a person has ended the dead letters, or decided the reviews. */
const UNTIL_A_PERSON_ACTS = /-dlq-(messages|oldest)|-review-age/;

export type DrillState = 'idle' | 'running' | 'recovering' | 'ended';

/** A drill, and what is known of its last run. */
export interface DrillStatus {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Names of the alarms that should ring. */
  readonly expected: readonly string[];
  readonly runbook: string;
  readonly state: DrillState;
  /** The fault's time, in pipeline time. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly verdict?: Verdict;
}

export interface Verdict {
  readonly passed: boolean;
  /** Sentences: what rang and when, what was lost, how long recovery took. */
  readonly findings: readonly string[];
}

/** Switches faults on and off, one at a time, and judges what came of them. */
export class DrillRunner {
  private readonly runs = new Map<string, DrillRun>();
  private current: DrillRun | undefined;

  constructor(private readonly local: DrillTarget) {}

  statuses(): DrillStatus[] {
    return Object.keys(DRILLS).map((name) => this.status(name)!);
  }

  /** Undefined when there is no such drill. */
  status(name: string): DrillStatus | undefined {
    const drill = drillNamed(name);
    if (drill === undefined) return undefined;
    const { title, summary, alarms, runbook } = drill;
    const expected = alarms.map((alarm) => `${alarm}-${this.local.environment}`);
    const run = this.runs.get(name);
    return { name, title, summary, expected, runbook, state: 'idle', ...run?.status };
  }

  /** Starts the drill. @throws CommandError while another one runs, or when there is no such drill */
  start(name: string): void {
    const { current } = this;
    const drill = drillNamed(name);
    if (drill === undefined) throw new CommandError(`There is no drill ${name}.`);
    if (current !== undefined && current.status.state !== 'ended')
      throw new CommandError(`The drill ${current.name} is not over: wait for its verdict.`);
    this.current = new DrillRun(name, drill, this.local);
    this.runs.set(name, this.current);
    void this.current.run();
  }

  /** Ends the fault early, if that drill has one. */
  stop(name: string): void {
    this.runs.get(name)?.stop();
  }

  /** Ends the fault for the end of the pipeline. */
  close(): void {
    this.current?.abandon();
  }
}

class DrillRun {
  status: Pick<DrillStatus, 'state' | 'startedAt' | 'endedAt' | 'verdict'>;
  private readonly stopping = new AbortController();
  private readonly abandoned = new AbortController();
  private readonly ringingBefore: ReadonlySet<string>;

  constructor(
    readonly name: string,
    private readonly drill: Drill,
    private readonly local: DrillTarget,
  ) {
    this.ringingBefore = new Set(this.alarms.filter(({ state }) => state === 'ALARM').map(nameOf));
    this.status = { state: 'running', startedAt: this.now };
  }

  /** Never rejects: nobody waits for it. */
  async run(): Promise<void> {
    try {
      await this.practise();
    } catch (error) {
      if (this.abandoned.signal.aborted) return;
      const findings = [`The drill could not be ended as planned: ${messageOf(error)}`];
      this.status = { ...this.status, state: 'ended', verdict: { passed: false, findings } };
    }
  }

  private async practise(): Promise<void> {
    const { drill, local } = this;
    const sent = local.watchPayments();
    await drill.start(local, this.abandoned.signal);
    await this.wait(drill.minutes, this.stopping.signal);
    await drill.stop?.(local);
    this.status = { ...this.status, state: 'recovering', endedAt: this.now };
    const payments = sent.stop();
    const recovered = await this.until(async () => (await local.unsettled(payments)).length === 0);
    const recoveredAt = this.now;
    await this.until(() =>
      this.rung.every((alarm) => alarm.state !== 'ALARM' || UNTIL_A_PERSON_ACTS.test(nameOf(alarm))),
    );
    if (this.abandoned.signal.aborted) return;
    const lost = await local.unsettled(payments);
    const findings = [
      ...this.rung.map((alarm) => this.story(alarm)),
      ...this.silent.map((name) => `${name} did not ring.`),
      lost.length === 0
        ? `Nothing was lost: each of ${pluralize(payments.length, 'payment')} was decided, or is a dead letter.`
        : `${pluralize(lost.length, 'payment')} of ${payments.length} ${lost.length === 1 ? 'is' : 'are'} neither decided nor a dead letter, such as ${lost[0]!}.`,
      recovered
        ? `Recovery took ${this.minutes(this.status.endedAt!, recoveredAt)} from the end of the fault.`
        : `After ${LONGEST_RECOVERY_MINUTES} min, the payments of the drill were not worked off.`,
      ...this.deadLetters(),
    ];
    const passed = recovered && lost.length === 0 && this.silent.length === 0;
    this.status = { ...this.status, state: 'ended', verdict: { passed, findings } };
  }

  /** Ends the fault before its time. */
  stop(): void {
    this.stopping.abort();
  }

  abandon(): void {
    this.stop();
    this.abandoned.abort();
  }

  private get alarms(): readonly Alarm[] {
    return this.local.pipeline.cloudWatch.alarms;
  }

  private get now(): number {
    return this.local.pipeline.cloudWatch.clock.now();
  }

  private get rung(): Alarm[] {
    return this.alarms.filter((alarm) => this.ringing(alarm).length > 0 || this.ringingBefore.has(nameOf(alarm)));
  }

  /** The expected alarms that did not ring. */
  private get silent(): string[] {
    const rung = new Set(this.rung.map(nameOf));
    return this.drill.alarms.map((alarm) => `${alarm}-${this.local.environment}`).filter((name) => !rung.has(name));
  }

  private ringing({ history }: Alarm) {
    return history.filter(({ at, to }) => to === 'ALARM' && at >= this.status.startedAt!);
  }

  private story(alarm: Alarm): string {
    const name = nameOf(alarm);
    const rang = this.ringing(alarm);
    if (rang.length === 0) return `${name} has rung since before the drill.`;
    const since = this.status.startedAt!;
    const changes = alarm.history.filter(({ at }) => at >= since);
    const mails = changes.filter(({ mail }) => mail !== undefined).length;
    const over = changes.findLast(({ to }) => to === 'OK');
    const end =
      alarm.state === 'ALARM' || over === undefined
        ? ', and still rings'
        : `, and was over after ${this.minutes(since, over.at)}`;
    return `${name} rang after ${this.minutes(since, rang[0]!.at)}${end}; ${pluralize(mails, 'mail')}.`;
  }

  private deadLetters(): string[] {
    const count = this.local.deadLetters().length;
    if (count === 0) return [];
    const are = count === 1 ? 'message is' : 'messages are';
    return [`${count} ${are} in the dead-letter queue: npx projen ops -- --local analyze explains them.`];
  }

  private minutes(from: number, to: number): string {
    return `${Math.max(0, Math.round((to - from) / MINUTE_MS))} min`;
  }

  private async wait(minutes: number, signal: AbortSignal): Promise<void> {
    const ms = (minutes * MINUTE_MS) / this.local.pipeline.cloudWatch.clock.scale;
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }

  /** @returns whether it came true */
  private async until(isTrue: () => boolean | Promise<boolean>): Promise<boolean> {
    const deadline = this.now + LONGEST_RECOVERY_MINUTES * MINUTE_MS;
    while (!this.abandoned.signal.aborted && this.now < deadline) {
      if (await isTrue()) return true;
      await sleep(POLL_MS);
    }
    return false;
  }
}

function nameOf({ definition }: Alarm): string {
  return definition.name;
}
