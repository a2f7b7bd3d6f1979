import { evaluate, TerraformExpressionError } from '../../kit/stacks/evaluate';
import type { PolicyStatement } from '../../kit/stacks/template';

export type Values = Readonly<Record<string, unknown>>;

type Blocks = Readonly<Record<string, Readonly<Record<string, Values>>>>;

/** The synthesized stack, as it stands in `cdk.tf.json`. */
export interface StackJson {
  readonly variable: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly resource: Blocks;
  readonly data: Blocks;
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
  readonly provider: { readonly aws: readonly { readonly default_tags: readonly { readonly tags: Values }[] }[] };
}

export interface AskedResource {
  readonly type: string;
  readonly id: string;
  /** The arguments of the synthesized stack, every reference resolved. */
  readonly arguments: Values;
  /** The attributes that Terraform recorded when it applied the resource, such as its id and its ARN. */
  readonly state: Values;
}

/** The resources of the synthesized stack. Ids and ARNs, which AWS assigns, come from Terraform's state. */
export class AskedStack {
  /**
   * @param state values by address, as in `aws_vpc.payments_network_vpc`
   * @param variables as Terraform was given them
   */
  constructor(
    private readonly json: StackJson,
    private readonly state: ReadonlyMap<string, Values>,
    private readonly variables: Values = {},
  ) {}

  resources(): AskedResource[] {
    return Object.entries(this.json.resource).flatMap(([type, byId]) =>
      Object.entries(byId).map(([id, block]) => {
        const state = this.state.get(`${type}.${id}`) ?? {};
        return { type, id, arguments: this.resolve(block, state) as Values, state };
      }),
    );
  }

  /** The tags that the provider adds to every resource. */
  defaultTags(): Values {
    return this.resolve(this.json.provider.aws[0]!.default_tags[0]!.tags, undefined) as Values;
  }

  /** @param recorded the outputs of Terraform, which replace expressions that only Terraform evaluates */
  outputs(recorded: Values): Values {
    return Object.fromEntries(
      Object.entries(this.json.output).map(([name, { value }]) => [name, this.resolve(value, recorded[name])]),
    );
  }

  /** @param recorded the value in the state, which replaces an expression that only Terraform evaluates */
  private resolve(value: unknown, recorded: unknown): unknown {
    const [within] = Array.isArray(recorded) && !Array.isArray(value) ? (recorded as unknown[]) : [recorded];
    if (typeof value === 'string') return this.resolveText(value, within);
    if (typeof value !== 'object' || value === null) return value;
    const at = (key: string | number) => (within as Record<string | number, unknown> | null | undefined)?.[key];
    if (Array.isArray(value)) return value.map((item, index) => this.resolve(item, at(index)));
    const entries = Object.entries(value).filter(([key]) => key !== '//');
    return Object.fromEntries(entries.map(([key, item]) => [key, this.resolve(item, at(key))]));
  }

  private resolveText(text: string, recorded: unknown): unknown {
    try {
      return evaluate(text, (path) => this.reference(path));
    } catch (error) {
      if (error instanceof TerraformExpressionError) return recorded;
      throw error;
    }
  }

  private reference(path: readonly string[]): unknown {
    const [kind, name = ''] = path;
    if (kind === 'var') return this.variables[name] ?? this.json.variable[name]?.default;
    if (kind === 'data' && name === 'aws_iam_policy_document') return this.policy(path[2]!);
    const steps = kind === 'data' ? 3 : 2;
    const values: unknown = this.state.get(path.slice(0, steps).join('.'));
    const value = path.slice(steps).reduce((within, key) => (within as Values | null | undefined)?.[key], values);
    if (value === undefined || value === null)
      throw new TerraformExpressionError(`The state has no ${path.join('.')}.`);
    return value;
  }

  /** Renders a policy document as the provider does. */
  private policy(id: string): string {
    const recorded = this.state.get(`data.aws_iam_policy_document.${id}`);
    const { statement } = this.resolve(this.json.data.aws_iam_policy_document![id], recorded) as {
      statement: PolicyStatement[];
    };
    return JSON.stringify({ Version: '2012-10-17', Statement: statement.map(rendered) });
  }
}

function rendered({ sid, effect = 'Allow', actions, resources, principals, condition }: PolicyStatement): object {
  const byTest: Record<string, Record<string, readonly string[]>> = {};
  for (const { test, variable, values } of condition ?? []) byTest[test] = { ...byTest[test], [variable]: values };
  const byType = Object.fromEntries((principals ?? []).map(({ type, identifiers }) => [type, identifiers]));
  return {
    Sid: sid,
    Effect: effect,
    Action: actions,
    Resource: resources,
    Principal: principals && ('*' in byType ? '*' : byType),
    Condition: condition && byTest,
  };
}
