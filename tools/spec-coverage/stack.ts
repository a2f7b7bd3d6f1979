import { evaluate, TerraformExpressionError } from '../kit/stacks/evaluate';
import type { PolicyStatement } from '../kit/stacks/template';

/** A resource, data source, output, variable, provider or Terraform setting, as it stands in the JSON, resolved. */
export type Block = Readonly<Record<string, unknown>>;

type Blocks = Record<string, Block>;

export interface StackJson {
  readonly terraform: Blocks;
  readonly provider: Record<string, Block[]>;
  readonly variable: Blocks;
  readonly output: Blocks;
  readonly resource: Record<string, Blocks>;
  readonly data: Record<string, Blocks>;
}

export interface DashboardMetric {
  readonly widget: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
  readonly stat: unknown;
}

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title: string;
    readonly view?: string;
    readonly alarms?: string[];
    readonly metrics?: unknown[][];
  };
}

type ByAction = Record<string, string[]>;

/**
 * The synthesized stack as it would deploy with the variables at their defaults. A reference to what only a deployment
 * knows stands for itself, as in `aws_sqs_queue.payments_payment_queue.arn/*`; the account is `ACCOUNT_ID`.
 */
export class Stack {
  private readonly resolved = new Map<string, Block>();
  private readonly blocks: ReadonlyMap<string, unknown>;

  constructor(
    private readonly json: StackJson,
    private readonly variables: Readonly<Record<string, unknown>> = {},
  ) {
    this.blocks = new Map([
      ...under('terraform.', json.terraform),
      ...under('provider.', json.provider),
      ...under('var.', json.variable),
      ...under('output.', json.output),
      ...Object.entries(json.resource).flatMap(([type, blocks]) => under(`${type}.`, blocks)),
      ...Object.entries(json.data).flatMap(([type, blocks]) => under(`data.${type}.`, blocks)),
    ]);
  }

  /** The stack with other values of some variables. */
  given(variables: Readonly<Record<string, unknown>>): Stack {
    return new Stack(this.json, { ...this.variables, ...variables });
  }

  /** Addresses of everything, such as `aws_vpc.payments_network_vpc`, `data.aws_region.current` or `output.payments_vpc_id`. */
  get addresses(): string[] {
    return [...this.blocks.keys()];
  }

  has(address: string): boolean {
    return this.blocks.has(address);
  }

  at(address: string): Block {
    const known = this.resolved.get(address);
    if (known) return known;
    if (!this.blocks.has(address)) throw new Error(`The synthesized stack has no ${address}.`);
    const raw = this.blocks.get(address) as Block;
    const block = address.startsWith('var.') ? raw : (this.resolve(raw) as Block); // a declaration has nothing to resolve
    this.resolved.set(address, block);
    return block;
  }

  /** @param type such as `aws_subnet`, `data.archive_file` or `output` */
  addressesOf(type: string): string[] {
    return this.addresses.filter((address) => address.slice(0, address.lastIndexOf('.')) === type);
  }

  /** An attribute of everything of a type. */
  each(type: string, attribute: string): unknown[] {
    return this.addressesOf(type).map((address) => this.at(address)[attribute]);
  }

  /** Types of the resources. */
  get types(): string[] {
    return Object.keys(this.json.resource);
  }

  /** @param id of a policy document */
  statements(id: string): PolicyStatement[] {
    return this.at(`data.aws_iam_policy_document.${id}`).statement as PolicyStatement[];
  }

  /** The actions that a policy document allows, by resource, in alphabetical order. */
  allowed(id: string): ByAction {
    return this.allowedBy(id, ({ resources = [] }) => resources);
  }

  /** The actions that a policy document allows, by principal, in alphabetical order. */
  admitted(id: string): ByAction {
    return this.allowedBy(id, ({ principals = [] }) => principals.flatMap(({ identifiers }) => identifiers));
  }

  /** The one statement that allows something to a principal and, if there is more than one, this action. */
  admission(id: string, principal: string, action?: string): PolicyStatement {
    const found = this.statements(id).filter(
      ({ effect, principals = [], actions }) =>
        effect !== 'Deny' &&
        principals.some(({ identifiers }) => identifiers.includes(principal)) &&
        (action === undefined || actions.includes(action)),
    );
    if (found.length !== 1)
      throw new Error(`${id} has ${found.length} statements that allow ${action ?? 'something'} to ${principal}.`);
    return found[0]!;
  }

  get widgets(): Widget[] {
    return (this.at('aws_cloudwatch_dashboard.payments_dashboard').dashboard_body as { widgets: Widget[] }).widgets;
  }

  dashboardMetrics(): DashboardMetric[] {
    return this.widgets.flatMap(({ properties: { title, metrics = [] } }) =>
      metrics.filter(([namespace]) => typeof namespace === 'string').map((metric) => toMetric(title, metric)),
    );
  }

  private allowedBy(id: string, keysOf: (statement: PolicyStatement) => readonly string[]): ByAction {
    const allowed: ByAction = {};
    for (const statement of this.statements(id)) {
      if (statement.effect === 'Deny') continue;
      for (const key of keysOf(statement)) allowed[key] = [...(allowed[key] ?? []), ...statement.actions].sort();
    }
    return allowed;
  }

  private resolve(value: unknown): unknown {
    if (typeof value === 'string') return this.resolveText(value);
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([key]) => key !== '//');
    return Object.fromEntries(entries.map(([key, item]) => [key, this.resolve(item)]));
  }

  private resolveText(text: string): unknown {
    const reference = /^\$\{([\w.[\]]+)\}$/.exec(text)?.[1];
    if (reference !== undefined) return this.reference(reference);
    try {
      const value = evaluate(text, (path) => this.reference(path.join('.')));
      return text.startsWith('${jsonencode(') ? this.resolve(JSON.parse(value as string)) : value;
    } catch (error) {
      if (!(error instanceof TerraformExpressionError)) throw error;
      return this.replaceReferences(text); // a function: it stays, with its arguments resolved
    }
  }

  private replaceReferences(text: string): string {
    return text
      .replace(/\$\{([\w.]+)\}/g, (_, path: string) => String(this.reference(path)))
      .replace(/\bvar\.\w+/g, (path) => JSON.stringify(this.reference(path)));
  }

  private reference(path: string): unknown {
    if (path === 'data.aws_caller_identity.current.account_id') return 'ACCOUNT_ID';
    if (path === 'data.aws_caller_identity.current.arn') return 'arn:aws:iam::ACCOUNT_ID:user/deployer';
    if (path === 'data.aws_region.current.name') return this.resolve(this.json.provider.aws?.[0]?.region);
    if (!path.startsWith('var.')) return path;
    const name = path.slice('var.'.length);
    return this.variables[name] ?? this.json.variable[name]?.default ?? path;
  }
}

function under(prefix: string, blocks: Record<string, unknown>): [string, unknown][] {
  return Object.entries(blocks).map(([name, block]) => [`${prefix}${name}`, block]);
}

function toMetric(widget: string, metric: unknown[]): DashboardMetric {
  const [namespace, metricName, ...rest] = metric as string[];
  const { stat } = metric.at(-1) as { stat: unknown };
  const dimensions = Object.fromEntries(
    rest.slice(0, -1).flatMap((name, index, pairs) => (index % 2 === 0 ? [[name, pairs[index + 1]]] : [])),
  ) as Record<string, unknown>;
  return { widget, namespace: namespace!, metricName: metricName!, dimensions, stat };
}
