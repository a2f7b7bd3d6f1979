import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region';
import { type TerraformElement, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

/** Where a stack deploys to; Terraform alone knows. */
export class AwsEnvironment {
  constructor(
    readonly accountId: string,
    readonly region: string,
  ) {}

  /** Stands for everybody in the account whom IAM lets. */
  get accountRoot(): string {
    return `arn:aws:iam::${this.accountId}:root`;
  }

  /** The ARN of something whose name we know, for where naming the resource itself would go in a circle. */
  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}:${this.accountId}:${resource}`;
  }

  /** As `arn`, of a service whose resources belong to no region. */
  globalArn(service: string, resource: string): string {
    return `arn:aws:${service}::${this.accountId}:${resource}`;
  }
}

/** The stack's one lookup of account and region, however many pipelines it has. */
export function awsEnvironmentOf(scope: Construct): AwsEnvironment {
  const identity = onceInStack(
    scope,
    'current_account',
    'current',
    (stack, id) => new DataAwsCallerIdentity(stack, id),
  );
  const region = onceInStack(scope, 'current_region', 'current', (stack, id) => new DataAwsRegion(stack, id));
  return new AwsEnvironment(identity.accountId, region.name);
}

/** The region's own zones, without Local Zones and others that an account has to opt into. */
export function availabilityZones(scope: Construct): DataAwsAvailabilityZones {
  return onceInStack(
    scope,
    'available_zones',
    'available',
    (stack, id) =>
      new DataAwsAvailabilityZones(stack, id, {
        state: 'available',
        filter: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
      }),
  );
}

/** Those that Terraform can wait for within one apply; another stack's have been there since its own. */
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
