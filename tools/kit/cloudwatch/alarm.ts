import { type AlarmDefinition, COMPARISONS } from './alarm-definition';
import { type AlarmState, evaluate, EXTRA_PERIODS } from './alarm-evaluation';
import { type AlarmMail, mailOf, reasonOf, type Transition } from './alarm-mail';
import { type DataPoint, floor, MINUTE_MS, type MetricStore } from './metric-store';
import { runQueries } from './metric-query';

/** "CloudWatch preserves alarm history for two weeks": User Guide, "Common features of CloudWatch alarms". */
const HISTORY_MS = 14 * 24 * 60 * MINUTE_MS;

/** Longer than what an alarm of the stack looks back. */
const LONGEST_PAUSE_MS = 24 * 60 * MINUTE_MS;

/** A change of an alarm's state, and the email that the topic sends: none when the alarm has no action for the state. */
export interface StateChange extends Transition {
  readonly mail: AlarmMail | undefined;
}

/** An alarm of the stack and its states. It was deployed long before the run, and had no data. */
export class Alarm {
  state: AlarmState;
  /** Since when it has this state: pipeline time. */
  since: number;
  /** The changes of the last two weeks, the first one first. */
  readonly history: StateChange[] = [];
  private evaluated: number;

  /** @param start pipeline time of the first evaluation */
  constructor(
    readonly definition: AlarmDefinition,
    start: number,
  ) {
    this.state = evaluate([], definition).state ?? 'INSUFFICIENT_DATA';
    this.since = start;
    this.evaluated = floor(start, MINUTE_MS);
  }

  /** The path of its runbook in this package, from the description. */
  get runbook(): string | undefined {
    return /docs\/runbooks\/[\w-]+\.md/.exec(this.definition.description)?.[0];
  }

  /** Evaluates it for each minute that has ended, as CloudWatch does once a minute. Those of a machine that slept are left out. */
  evaluate(metrics: MetricStore, now: number): void {
    this.evaluated = Math.max(this.evaluated, floor(now, MINUTE_MS) - LONGEST_PAUSE_MS);
    while (this.evaluated + MINUTE_MS <= now) {
      this.evaluated += MINUTE_MS;
      this.evaluateAt(metrics, this.evaluated);
    }
  }

  /**
   * The periods end with the minute: the evaluation window slides, unless it is said otherwise,
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
   */
  private evaluateAt(metrics: MetricStore, at: number): void {
    const { definition } = this;
    const { evaluationPeriods, period, queries, comparison, threshold } = definition;
    const count = evaluationPeriods + EXTRA_PERIODS;
    const range = { from: at - count * period * 1_000, to: at };
    const [points = []] = runQueries(metrics, queries, period, range).values();
    const byTime = new Map(points.map((point) => [point.at, point]));
    const slots = Array.from({ length: count }, (_, index) => byTime.get(range.from + index * period * 1_000));
    const breaching = slots.map((point) => point && COMPARISONS[comparison](point.value, threshold));
    const { state, counted } = evaluate(breaching, definition);
    if (state === undefined || state === this.state) return;
    const deciding = counted.filter((index) => breaching[index] === (state === 'ALARM')).map((index) => slots[index]!);
    this.change(at, state, deciding);
  }

  private change(at: number, to: AlarmState, deciding: readonly DataPoint[]): void {
    const from = this.state;
    const reason = reasonOf(this.definition, to, deciding);
    const { actionsEnabled, actions } = this.definition;
    const mail =
      actionsEnabled && actions[to].length > 0 ? mailOf(this.definition, { at, from, to, reason }) : undefined;
    this.history.push({ at, from, to, reason, mail });
    this.state = to;
    this.since = at;
    while (this.history[0]!.at < at - HISTORY_MS) this.history.shift();
  }
}
