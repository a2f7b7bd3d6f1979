import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region';
import { Fn, Op, type TerraformElement, TerraformSelf, TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { arn } from '../contract/arn';

/** Availability zones of a network, each with a subnet. */
export const ZONES = 3;

/** Zones, by ids, that lack services in use: us-east-1 has one without Lambda. */
const INCOMPLETE_ZONES = ['use1-az3'];

/**
 * The partition, AWS account and region that a stack deploys to, which only Terraform knows, and the ARNs of named resources there. A policy
 * takes an ARN from here where a reference to the resource would be a cycle.
 */
export class AwsEnvironment {
  constructor(
    readonly accountId: string,
    readonly region: string,
    readonly partition: string,
  ) {}

  /** The principal that stands for everyone in the AWS account whom IAM allows. */
  get accountRoot(): string {
    // Joined by Terraform, as it is an argument of other functions: quotes within a template within quotes are hard to read back.
    return Fn.join(':', ['arn', this.partition, 'iam', '', this.accountId, 'root']);
  }

  arn(service: string, resource: string): string {
    const { partition, region, accountId } = this;
    return arn({ partition, service, region, accountId, resource });
  }

  /** The ARN of a resource that belongs to no region. */
  globalArn(service: string, resource: string): string {
    return arn({ partition: this.partition, service, accountId: this.accountId, resource });
  }

  alarmArn(name: string): string {
    return this.arn('cloudwatch', `alarm:${name}`);
  }

  trailArn(name: string): string {
    return this.arn('cloudtrail', `trail/${name}`);
  }

  logGroupArn(name: string): string {
    return this.arn('logs', `log-group:${name}`);
  }

  functionArn(name: string): string {
    return this.arn('lambda', `function:${name}`);
  }

  /** The ARN of a resource that belongs to no region and no AWS account. */
  unownedArn(service: string, resource: string): string {
    return arn({ partition: this.partition, service, resource });
  }

  bucketArn(name: string): string {
    return this.unownedArn('s3', name);
  }

  /** One text in China, and another in all other partitions. */
  inChina(there: string, elsewhere: string): string {
    return Token.asString(Fn.conditional(Op.eq(this.partition, 'aws-cn'), there, elsewhere));
  }
}

/** Looks up partition, AWS account and region once in a stack, shared by all its pipelines. */
export function awsEnvironmentOf(scope: Construct): AwsEnvironment {
  const identity = onceInStack(
    scope,
    'current_account',
    'current',
    (stack, id) => new DataAwsCallerIdentity(stack, id),
  );
  const region = onceInStack(scope, 'current_region', 'current', (stack, id) => new DataAwsRegion(stack, id));
  // Every ARN begins with "arn:<partition>:", also the caller's.
  const partition = Token.asString(Fn.element(Fn.split(':', identity.arn), 1));
  return new AwsEnvironment(identity.accountId, nameOf(region), partition);
}

/** AWS provider 6 has the attribute `region`, and deprecates `name` and `id`. The bindings of provider 5 have no `region`. */
function nameOf({ region, name }: { readonly region?: string; readonly name: string }): string {
  return region ?? name;
}

/**
 * The region's own availability zones, without Local Zones, others that need an opt-in, and those that lack a service. A plan fails where the AWS account has
 * fewer than three: a subnet would repeat a zone, and AWS refuses an interface endpoint with two subnets in one.
 */
export function availabilityZones(scope: Construct): DataAwsAvailabilityZones {
  const found = Fn.lengthOf(TerraformSelf.getAny('names'));
  return onceInStack(
    scope,
    'available_zones',
    'available',
    (stack, id) =>
      new DataAwsAvailabilityZones(stack, id, {
        state: 'available',
        filter: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
        excludeZoneIds: INCOMPLETE_ZONES,
        lifecycle: {
          postcondition: [
            {
              condition: Token.asString(Op.gte(found, ZONES)),
              errorMessage: `The network needs ${ZONES} availability zones, and this AWS account has ${Token.asString(found)} in the region ${awsEnvironmentOf(scope).region}. Deploy to another region.`,
            },
          ],
        },
      }),
  );
}

/** The elements of the scope's own stack. Terraform can wait only for those; another stack's exist since its own apply. */
export function sameStack<T extends TerraformElement>(scope: Construct, ...elements: T[]): T[] {
  return elements.filter((element) => TerraformStack.of(element) === TerraformStack.of(scope));
}

function onceInStack<T extends TerraformElement>(
  scope: Construct,
  id: string,
  logicalId: string,
  make: (stack: TerraformStack, id: string) => T,
): T {
  const stack = TerraformStack.of(scope);
  const existing = stack.node.tryFindChild(id) as T | undefined;
  if (existing) return existing;
  const made = make(stack, id);
  made.overrideLogicalId(logicalId);
  return made;
}
