import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { CommandError } from '../../../src/cli/command-error';
import { evaluate, TerraformExpressionError } from '../stacks/evaluate';

const stackFile = v.object({
  provider: v.optional(v.object({ aws: v.array(v.object({ region: v.string() })) })),
  variable: v.optional(v.record(v.string(), v.object({ default: v.optional(v.unknown()) })), {}),
  resource: v.record(v.string(), v.record(v.string(), v.record(v.string(), v.unknown()))),
  data: v.optional(v.record(v.string(), v.record(v.string(), v.record(v.string(), v.unknown()))), {}),
});

/** A statement of a policy document, in Terraform's names. */
interface PolicyStatement {
  readonly sid?: string;
  readonly effect?: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals?: readonly { readonly type: string; readonly identifiers: readonly string[] }[];
  readonly condition?: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly string[];
  }[];
}

/** The AWS account of the embedded services. */
const ACCOUNT = '000000000000';

/** Resources whose ARN ends with their name. */
const ARNS: Readonly<Record<string, { readonly service: string; readonly prefix: string; readonly name: string }>> = {
  aws_cloudwatch_log_group: { service: 'logs', prefix: 'log-group:', name: 'name' },
  aws_cloudwatch_metric_alarm: { service: 'cloudwatch', prefix: 'alarm:', name: 'alarm_name' },
  aws_dynamodb_table: { service: 'dynamodb', prefix: 'table/', name: 'name' },
  aws_kms_key: { service: 'kms', prefix: 'key/', name: 'key_id' },
  aws_sns_topic: { service: 'sns', prefix: '', name: 'name' },
  aws_sqs_queue: { service: 'sqs', prefix: '', name: 'name' },
};

/**
 * The stack as it deploys, with its variables at their defaults unless said otherwise. What only a deployment knows (URLs ...) is
 * told to it as the embedded resources come up.
 */
export class SynthesizedStack {
  private readonly deployed = new Map<string, unknown>();

  private constructor(
    private readonly stack: v.InferOutput<typeof stackFile>,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  /**
   * @param variables values instead of the defaults
   * @throws CommandError when there is no such stack
   */
  static read(file: string, variables: Readonly<Record<string, unknown>> = {}): SynthesizedStack {
    try {
      return new SynthesizedStack(v.parse(stackFile, JSON.parse(readFileSync(file, 'utf8'))), variables);
    } catch (error) {
      throw new CommandError(`There is no synthesized stack in ${file}: run \`npx projen synth\`. (${String(error)})`);
    }
  }

  /** The region of the AWS provider. */
  get region(): string {
    const region = evaluate(this.stack.provider?.aws[0]?.region, (path) => this.reference(path));
    if (typeof region !== 'string') throw new CommandError('The stack has no AWS provider with a region.');
    return region;
  }

  /** Logical ids of the resources of a type. */
  ids(type: string): string[] {
    return Object.keys(this.stack.resource[type] ?? {});
  }

  /** @throws CommandError unless there is exactly one */
  only(type: string): string {
    const ids = this.ids(type);
    if (ids.length !== 1) throw new CommandError(`The stack has ${ids.length} resources of type ${type}, not one.`);
    return ids[0]!;
  }

  /** Tells the value of an attribute that only exists once deployed. */
  deploy(type: string, id: string, attribute: string, value: unknown): void {
    this.deployed.set(`${type}.${id}.${attribute}`, value);
  }

  /** An attribute, deployed or evaluated; undefined when the resource does not set it. */
  attribute(type: string, id: string, name: string): unknown {
    const deployed = this.deployed.get(`${type}.${id}.${name}`);
    if (deployed !== undefined) return deployed;
    const resource = this.stack.resource[type]?.[id];
    if (resource === undefined) throw new CommandError(`The stack has no ${type}.${id}.`);
    const arn = ARNS[type];
    if (name === 'arn' && arn !== undefined) {
      return `arn:aws:${arn.service}:${this.region}:${ACCOUNT}:${arn.prefix}${this.text(type, id, arn.name)}`;
    }
    return evaluate(resource[name], (path) => this.reference(path));
  }

  text(type: string, id: string, name: string): string {
    const value = this.attribute(type, id, name);
    if (typeof value !== 'string') throw new CommandError(`${type}.${id}.${name} is no text in the stack.`);
    return value;
  }

  number(type: string, id: string, name: string): number {
    const value = this.attribute(type, id, name);
    if (typeof value !== 'number') throw new CommandError(`${type}.${id}.${name} is no number in the stack.`);
    return value;
  }

  /** What data sources answer. */
  private get data(): Readonly<Record<string, string>> {
    return {
      'aws_region.current.name': this.region,
      'aws_caller_identity.current.account_id': ACCOUNT,
      'aws_caller_identity.current.arn': `arn:aws:iam::${ACCOUNT}:root`,
    };
  }

  /** JSON, as IAM gets it. */
  private policyDocument(id: string): string {
    const document = this.stack.data.aws_iam_policy_document?.[id];
    const statements = evaluate(document?.statement, (path) => this.reference(path)) as readonly PolicyStatement[];
    const Statement = statements.map(
      ({ sid, effect = 'Allow', actions, resources, principals = [], condition = [] }) => ({
        Sid: sid,
        Effect: effect,
        Principal: Object.fromEntries(principals.map(({ type, identifiers }) => [type, identifiers])),
        Action: actions,
        Resource: resources,
        Condition: Object.fromEntries(condition.map(({ test, variable, values }) => [test, { [variable]: values }])),
      }),
    );
    return JSON.stringify({ Version: '2012-10-17', Statement });
  }

  private reference(path: readonly string[]): unknown {
    const [type, id, attribute] = path;
    if (type === 'var' && id !== undefined) return this.variables[id] ?? this.stack.variable[id]?.default;
    const data = this.data[path.slice(1).join('.')];
    if (type === 'data' && data !== undefined) return data;
    if (type === 'data' && id === 'aws_iam_policy_document') return this.policyDocument(attribute!);
    if (type !== undefined && id !== undefined && attribute !== undefined) {
      const value = this.attribute(type, id, attribute);
      if (value !== undefined) return value;
    }
    throw new TerraformExpressionError(
      `The embedded pipeline has no value for the stack's reference ${path.join('.')}.`,
    );
  }
}
