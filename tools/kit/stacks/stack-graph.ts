import { evaluate, TerraformExpressionError } from './evaluate';
import type { Block } from './template';

/** Where the stack is deployed to, as far as the tests are concerned. */
export const ACCOUNT = '123456789012';
export const REGION = 'ap-southeast-1';

export const API_KEY_SECRET_ARN = 'arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:fraud-api-key-AbCdEf';
export const API_KEY_KMS_KEY_ARN = 'arn:aws:kms:ap-southeast-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** The endpoint service of a fraud API behind PrivateLink. */
export const PRIVATE_SERVICE = 'com.amazonaws.vpce.ap-southeast-1.vpce-svc-0123456789abcdef0';

/** A resource or data source, every reference in it resolved. */
export interface Resource {
  /** The address in Terraform, such as `aws_sqs_queue.payments_payment_queue`. */
  readonly address: string;
  readonly id: string;
  readonly arn: string;
  readonly depends_on?: readonly string[];
}

export interface VpcEndpoint extends Resource {
  readonly vpc_id: string;
  readonly vpc_endpoint_type: 'Interface' | 'Gateway';
  readonly private_dns_enabled?: boolean;
  readonly subnet_ids?: readonly string[];
  readonly security_group_ids?: readonly string[];
  readonly route_table_ids?: readonly string[];
}

export interface SecurityGroupRule extends Resource {
  readonly security_group_id: string;
  readonly type: 'ingress' | 'egress';
  readonly protocol: string;
  readonly from_port: number;
  readonly to_port: number;
  readonly cidr_blocks?: readonly string[];
  readonly prefix_list_ids?: readonly string[];
  readonly source_security_group_id?: string;
}

type Blocks = Record<string, Record<string, Block>>;

/** The stack as Terraform reads it. */
export interface StackJson {
  readonly variable?: Record<string, { readonly default?: unknown }>;
  readonly resource: Blocks;
  readonly data?: Blocks;
}

/**
 * A stack as if it were deployed, its variables at their defaults. What a name decides (most ARNs, a queue's URL) has
 * its real form, whether the stack refers to it or spells it out. What AWS alone decides reads as the reference to it:
 * `<aws_kms_key.payments_encryption_sqs_key.arn>`.
 */
export class StackGraph {
  private readonly blocks: ReadonlyMap<string, Block>;
  private readonly resolved: ReadonlyMap<string, Block>;
  private readonly resources: readonly Resource[];

  constructor(private readonly json: StackJson) {
    this.blocks = new Map([...addressed(json.resource), ...addressed(json.data ?? {}, 'data.')]);
    this.resolved = new Map([...this.blocks].map(([address, block]) => [address, this.resolve(block) as Block]));
    this.resources = [...this.resolved].map(([address, block]) => this.deployed(address, block));
  }

  /** The resources of a type that have these attributes. */
  find<R>(type: string, attributes: Block = {}): (R & Resource)[] {
    const wanted = Object.entries(attributes);
    const found = this.resources.filter(
      (resource) =>
        resource.address.startsWith(`${type}.`) &&
        wanted.every(([name, value]) => (resource as Resource & Block)[name] === value),
    );
    return found as (R & Resource)[];
  }

  /** Returns what `find` does. @throws when there is none, so that no test of a path ends unnoticed */
  all<R>(type: string, attributes: Block = {}): (R & Resource)[] {
    const found = this.find<R>(type, attributes);
    if (found.length === 0) throw new Error(`The stack has no ${type} ${JSON.stringify(attributes)}.`);
    return found;
  }

  /** Returns the only resource of this type. @throws when there are none or several */
  only<R>(type: string, attributes: Block = {}): R & Resource {
    const [found, ...others] = this.all<R>(type, attributes);
    if (others.length > 0)
      throw new Error(`The stack has ${others.length + 1} ${type} ${JSON.stringify(attributes)}, not one.`);
    return found!;
  }

  /** All that Terraform would make. */
  made(): Resource[] {
    return this.resources.filter(({ address }) => !address.startsWith('data.'));
  }

  /** The resource of a type that an ARN, an id or a URL means. */
  at<R>(type: string, value: string | undefined): R & Resource {
    const found = this.all<R & { url?: string }>(type).find(
      ({ arn, id, url }) => value !== undefined && [arn, id, url].includes(value),
    );
    if (found === undefined) throw new Error(`${String(value)} is no ${type} of the stack.`);
    return found;
  }

  /** The resources one of whose attributes, at any depth, is this value. */
  users(value: string): Resource[] {
    return this.resources.filter(({ address }) => hasWithin(this.resolved.get(address), value));
  }

  /** An ARN told by the address of its resource; any other text as it is. */
  readable(text: string): string {
    const owners = this.resources.filter(
      ({ address, arn }) => text.startsWith(arn) && this.blocks.get(address)!.arn === undefined,
    );
    const [owner] = owners.sort((one, other) => other.arn.length - one.arn.length);
    return owner === undefined ? text : owner.address + text.slice(owner.arn.length);
  }

  private deployed(address: string, block: Block): Resource {
    const unknown = { id: `<${address}.id>`, arn: `<${address}.arn>` };
    return { ...unknown, ...this.decidedByName(address), ...block, address };
  }

  private decidedByName(address: string): Readonly<Record<string, string>> {
    const type = address.split('.').at(-2)!;
    return DECIDED_BY_NAME[type]?.((attribute) => String(this.resolve(this.blocks.get(address)![attribute]))) ?? {};
  }

  private resolve(value: unknown): unknown {
    if (typeof value === 'string') return value.includes('${') ? this.resolveTemplate(value) : value;
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item)]));
  }

  private resolveTemplate(text: string): unknown {
    try {
      const value = evaluate(text, (path) => this.reference(path));
      return this.resolve(value); // a template within an expression's text is still one
    } catch (error) {
      if (error instanceof TerraformExpressionError) return text.replaceAll('${', '<').replaceAll('}', '>');
      throw error;
    }
  }

  private reference(path: readonly string[]): unknown {
    const [kind, name] = path;
    if (kind === 'var') return this.json.variable?.[name!]?.default ?? `<var.${name}>`;
    const steps = kind === 'data' ? 3 : 2;
    const address = path.slice(0, steps).join('.');
    const block = this.blocks.get(address);
    if (block === undefined) throw new Error(`The stack refers to ${path.join('.')}, and has no such resource.`);
    const attribute = path.slice(steps).join('.');
    return this.resolve(block[attribute]) ?? this.decidedByName(address)[attribute] ?? `<${address}.${attribute}>`;
  }
}

type Decide = (its: (attribute: string) => string) => Readonly<Record<string, string>>;

const DECIDED_BY_NAME: Readonly<Record<string, Decide>> = {
  aws_caller_identity: () => ({ account_id: ACCOUNT, arn: globalArn('iam', 'user/deployer') }),
  aws_region: () => ({ name: REGION }),
  aws_cloudtrail: (its) => ({ arn: arn('cloudtrail', `trail/${its('name')}`) }),
  aws_cloudwatch_composite_alarm: (its) => ({ arn: arn('cloudwatch', `alarm:${its('alarm_name')}`) }),
  aws_cloudwatch_event_rule: (its) => ({ arn: arn('events', `rule/${its('name')}`) }),
  aws_cloudwatch_log_group: (its) => ({ arn: arn('logs', `log-group:${its('name')}`) }),
  aws_cloudwatch_metric_alarm: (its) => ({ arn: arn('cloudwatch', `alarm:${its('alarm_name')}`) }),
  aws_dynamodb_table: (its) => ({ arn: arn('dynamodb', `table/${its('name')}`) }),
  aws_iam_openid_connect_provider: (its) => ({
    arn: globalArn('iam', `oidc-provider/${its('url').replace('https://', '')}`),
  }),
  aws_iam_policy: (its) => ({ arn: globalArn('iam', `policy/${its('name')}`) }),
  aws_iam_role: (its) => ({ id: its('name'), arn: globalArn('iam', `role/${its('name')}`) }),
  aws_lambda_function: (its) => ({ arn: arn('lambda', `function:${its('function_name')}`) }),
  aws_s3_bucket: (its) => ({ id: its('bucket'), arn: `arn:aws:s3:::${its('bucket')}` }),
  aws_sns_topic: (its) => ({ arn: arn('sns', its('name')) }),
  aws_sqs_queue: (its) => {
    const url = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${its('name')}`;
    return { arn: arn('sqs', its('name')), id: url, url };
  },
};

/** The ARN of a resource in this account and region. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

/** The ARN of a resource in this account that belongs to no region. */
export function globalArn(service: string, resource: string): string {
  return `arn:aws:${service}::${ACCOUNT}:${resource}`;
}

function addressed(blocks: Blocks, prefix = ''): [string, Block][] {
  return Object.entries(blocks).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, block]): [string, Block] => [`${prefix}${type}.${id}`, block]),
  );
}

function hasWithin(value: unknown, wanted: string): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some((item) => hasWithin(item, wanted));
  return value === wanted;
}
