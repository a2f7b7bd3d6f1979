import jsep from 'jsep';
import { CommandError } from '../../../src/cli/command-error';
import type { TimeRange } from './metric-store';

// CloudWatch's own operators; jsep has the others.
jsep.addBinaryOp('^', 11, true);
jsep.addBinaryOp('AND', 2);
jsep.addBinaryOp('OR', 1);

/** Values by the beginning of their period, in its order. */
export type Series = ReadonlyMap<number, number>;

type Value = number | Series | readonly Series[];

export interface MathContext {
  readonly seriesOf: (id: string) => Series | undefined;
  /** Of the queries that read a metric. */
  readonly metricIds: readonly string[];
  /** Seconds. */
  readonly period: number;
  readonly range: TimeRange;
}

/** An expression is of a kind that the embedded CloudWatch doesn't know. */
export class MetricMathError extends CommandError {}

/**
 * Evaluates an expression of CloudWatch's metric math:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws MetricMathError naming what it doesn't know, or an expression that isn't one time series
 */
export function evaluateMath(expression: string, context: MathContext): Series {
  const value = new MetricMath(expression, context).value(jsep(expression));
  if (!isSeries(value)) throw new MetricMathError(`The expression ${expression} isn't one time series.`);
  return value;
}

const and = (left: number, right: number) => Number(left !== 0 && right !== 0);
const or = (left: number, right: number) => Number(left !== 0 || right !== 0);

/** "Missing values in a time series are treated as 0", and the data point of a division by zero "is dropped". */
const OPERATORS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '<=': (left, right) => Number(left <= right),
  '>=': (left, right) => Number(left >= right),
  '<': (left, right) => Number(left < right),
  '>': (left, right) => Number(left > right),
  AND: and,
  '&&': and,
  OR: or,
  '||': or,
};

/** A single time series gives a number, and several give a time series. */
const AGGREGATES: Readonly<Record<string, (values: readonly number[]) => number>> = {
  AVG: (values) => total(values) / values.length,
  MAX: (values) => Math.max(...values),
  MIN: (values) => Math.min(...values),
  SUM: total,
};

/** From each value; the one before and the seconds in between are undefined for the first. */
type Step = (value: number, before: number | undefined, seconds: number) => number | undefined;

const STEPS: Readonly<Record<string, Step>> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
  LOG: Math.log,
  LOG10: Math.log10,
  DIFF: (value, before) => (before === undefined ? undefined : value - before),
  DIFF_TIME: (_, before, seconds) => (before === undefined ? undefined : seconds),
  RATE: (value, before, seconds) => (before === undefined ? undefined : (value - before) / seconds),
};

class MetricMath {
  constructor(
    private readonly expression: string,
    private readonly context: MathContext,
  ) {}

  value(node: unknown): Value {
    const { type, ...parts } = node as jsep.Expression;
    switch (type) {
      case 'Literal':
        return typeof parts.value === 'number' ? parts.value : this.refuse(parts.raw as string);
      case 'Identifier':
        return this.context.seriesOf(parts.name as string) ?? this.refuse(parts.name as string);
      case 'ArrayExpression':
        return (parts.elements as unknown[]).flatMap((element) => this.all(element));
      case 'UnaryExpression':
        if (parts.operator !== '-') return this.refuse(parts.operator as string);
        return combine(0, this.value(parts.argument), OPERATORS['-']!);
      case 'BinaryExpression': {
        const operator = OPERATORS[parts.operator as string] ?? this.refuse(parts.operator as string);
        return combine(this.value(parts.left), this.value(parts.right), operator);
      }
      case 'CallExpression':
        return this.call((parts.callee as jsep.Expression).name as string, parts.arguments as jsep.Expression[]);
      default:
        return this.refuse(type);
    }
  }

  private call(name: string, args: readonly jsep.Expression[]): Value {
    const [first, second, third] = args;
    const aggregate = AGGREGATES[name];
    if (aggregate !== undefined) return aggregated(this.value(first), aggregate);
    const step = STEPS[name];
    if (step !== undefined) return each(this.value(first), (series) => stepwise(series, step));
    switch (name) {
      case 'IF':
        return choose(this.value(first), this.value(second), third === undefined ? new Map() : this.value(third));
      case 'FILL':
        return each(this.value(first), (series) => this.filled(series, second!));
      case 'METRICS':
        return this.context.metricIds
          .filter((id) => first === undefined || id.includes(first.value as string))
          .map((id) => this.context.seriesOf(id)!);
      case 'PERIOD':
        return this.context.period;
      case 'TIME_SERIES':
        return this.constant(this.value(first) as number);
      default:
        return this.refuse(`${name}()`);
    }
  }

  /** @param filler a number, a time series, `REPEAT` or `LINEAR` */
  private filled(series: Series, filler: jsep.Expression): Series {
    const repeats = filler.type === 'Identifier' && filler.name === 'REPEAT';
    if (filler.type === 'Identifier' && filler.name === 'LINEAR') return this.refuse('LINEAR');
    const other = repeats ? NaN : this.value(filler);
    let last = NaN;
    return numbers(
      this.times().map((at) => {
        const value =
          series.get(at) ?? (repeats ? last : typeof other === 'number' ? other : (other as Series).get(at));
        last = value ?? NaN;
        return [at, last];
      }),
    );
  }

  private constant(value: number): Series {
    return new Map(this.times().map((at) => [at, value]));
  }

  private times(): number[] {
    const { period, range } = this.context;
    const count = Math.ceil((range.to - range.from) / (period * 1_000));
    return Array.from({ length: count }, (_, index) => range.from + index * period * 1_000);
  }

  private all(node: unknown): readonly Series[] {
    const value = this.value(node);
    if (typeof value === 'number') return [this.constant(value)];
    return isSeries(value) ? [value] : value;
  }

  private refuse(what: string): never {
    throw new MetricMathError(`The embedded CloudWatch doesn't know ${what} in the expression ${this.expression}.`);
  }
}

function isSeries(value: Value): value is Series {
  return value instanceof Map;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function each(value: Value, change: (series: Series) => Series): Value {
  if (typeof value === 'number') return value;
  return isSeries(value) ? change(value) : value.map(change);
}

function combine(left: Value, right: Value, operator: (left: number, right: number) => number): Value {
  if (typeof left === 'number' && typeof right === 'number') return operator(left, right);
  if (Array.isArray(left))
    return (left as Series[]).map(
      (one, index) => combine(one, Array.isArray(right) ? (right as Series[])[index]! : right, operator) as Series,
    );
  if (Array.isArray(right)) return (right as Series[]).map((other) => combine(left, other, operator) as Series);
  const at = (value: Value, time: number) => (typeof value === 'number' ? value : ((value as Series).get(time) ?? 0));
  return numbers(timesOf(left, right).map((time) => [time, operator(at(left, time), at(right, time))]));
}

/** IF: a condition without a data point gives none, and a true one takes 0 for a missing value. */
function choose(condition: Value, yes: Value, no: Value): Value {
  const at = (value: Value, time: number) => (typeof value === 'number' ? value : (value as Series).get(time));
  if (typeof condition === 'number') return condition === 0 ? no : yes;
  return numbers(
    [...(condition as Series)].map(([time, value]) => [
      time,
      value === 0 ? (at(no, time) ?? NaN) : (at(yes, time) ?? 0),
    ]),
  );
}

function aggregated(value: Value, aggregate: (values: readonly number[]) => number): Value {
  if (typeof value === 'number') return value;
  if (isSeries(value)) return aggregate([...value.values()]);
  return numbers(timesOf(...value).map((time) => [time, aggregate(value.map((series) => series.get(time) ?? 0))]));
}

function stepwise(series: Series, step: Step): Series {
  let before: readonly [number, number] | undefined;
  const stepped: [number, number][] = [];
  for (const [at, value] of series) {
    stepped.push([at, step(value, before?.[1], (at - (before?.[0] ?? at)) / 1_000) ?? NaN]);
    before = [at, value];
  }
  return numbers(stepped);
}

function timesOf(...values: readonly Value[]): number[] {
  const times = values.flatMap((value) => (typeof value === 'number' ? [] : [...(value as Series).keys()]));
  return [...new Set(times)].sort((one, other) => one - other);
}

/** Without the data points that aren't numbers. */
function numbers(entries: readonly (readonly [number, number])[]): Series {
  return new Map(entries.filter(([, value]) => Number.isFinite(value)));
}
