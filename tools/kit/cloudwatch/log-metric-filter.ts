import { CommandError } from '../../../src/cli/command-error';
import type { Metric } from '../../../src/infrastructure/monitoring/metric';
import type { SynthesizedStack } from '../embedded/synthesized-stack';
import { like } from '../wildcard';

/** Counts events of a log group in a metric. */
export interface LogMetricFilter {
  readonly logGroupArn: string;
  readonly metric: Metric;
  readonly value: number;
  readonly matches: (event: unknown) => boolean;
}

const TYPE = 'aws_cloudwatch_log_metric_filter';

/** The metric filters of the stack. */
export function logMetricFiltersOf(stack: SynthesizedStack): LogMetricFilter[] {
  const groups = new Map(
    stack
      .ids('aws_cloudwatch_log_group')
      .map((id) => [
        stack.text('aws_cloudwatch_log_group', id, 'name'),
        stack.text('aws_cloudwatch_log_group', id, 'arn'),
      ]),
  );
  return stack.ids(TYPE).map((id) => {
    const { namespace, name, value, dimensions, ...others } = stack.attribute(TYPE, id, 'metric_transformation') as {
      namespace: string;
      name: string;
      value: string;
      dimensions?: unknown;
    };
    if (dimensions !== undefined || Object.keys(others).length > 0)
      throw new CommandError(`The embedded CloudWatch doesn't know all settings of ${TYPE}.${id}.`);
    return {
      logGroupArn: groups.get(stack.text(TYPE, id, 'log_group_name'))!,
      metric: { namespace, metricName: name, dimensions: {} },
      value: Number(value),
      matches: new FilterPattern(stack.text(TYPE, id, 'pattern')).parse(),
    };
  });
}

type Condition = (event: unknown) => boolean;

/**
 * A filter pattern for JSON events, as far as the stack uses them: comparisons with `=`, `!=` and `<`, `*` in a text, `EXISTS`, `NOT EXISTS`,
 * `IS FALSE`, `&&`, `||` and parentheses. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export class FilterPattern {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(private readonly pattern: string) {
    this.tokens = pattern.match(/&&|\|\||!=|[(){}=<>]|NOT EXISTS|IS FALSE|"[^"]*"|[^\s(){}=!<>&|]+/g) ?? [];
  }

  /** @throws CommandError naming the pattern, if it has anything else */
  parse(): Condition {
    this.expect('{');
    const condition = this.disjunction();
    this.expect('}');
    return condition;
  }

  private disjunction(): Condition {
    const first = this.conjunction();
    if (!this.accept('||')) return first;
    const rest = this.disjunction();
    return (event) => first(event) || rest(event);
  }

  private conjunction(): Condition {
    const first = this.comparison();
    if (!this.accept('&&')) return first;
    const rest = this.conjunction();
    return (event) => first(event) && rest(event);
  }

  private comparison(): Condition {
    if (this.accept('(')) {
      const inner = this.disjunction();
      this.expect(')');
      return inner;
    }
    const [selector = '', operator] = [this.tokens[this.at++], this.tokens[this.at++]];
    if (!/^\$(\.\w+)+$/.test(selector)) return this.refuse();
    const path = selector.split('.').slice(1);
    const read = (event: unknown) =>
      path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event);
    if (operator === 'EXISTS') return (event) => read(event) !== undefined;
    if (operator === 'NOT EXISTS') return (event) => read(event) === undefined;
    if (operator === 'IS FALSE') return (event) => read(event) === false;
    const value = this.tokens[this.at++]?.replaceAll('"', '');
    if (value === undefined) return this.refuse();
    if (operator === '<' && /^\d+$/.test(value)) return (event) => Number(read(event)) < Number(value);
    const isEqual = (event: unknown) => like(value, String(read(event)));
    if (operator === '=') return isEqual;
    if (operator === '!=') return (event) => !isEqual(event);
    return this.refuse();
  }

  private accept(token: string): boolean {
    const isNext = this.tokens[this.at] === token;
    if (isNext) this.at++;
    return isNext;
  }

  private expect(token: string): void {
    if (!this.accept(token)) this.refuse();
  }

  private refuse(): never {
    throw new CommandError(`The embedded CloudWatch doesn't know the filter pattern ${this.pattern}.`);
  }
}
