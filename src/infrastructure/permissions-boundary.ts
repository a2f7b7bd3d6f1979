import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { Construct } from 'constructs';

/** Bounds what each role made within a construct may ever do, whatever its own policies say. */
export function boundRoles(within: Construct, permissionsBoundaryArn: string): void {
  for (const element of within.node.findAll()) {
    if (element instanceof IamRole) element.permissionsBoundary = permissionsBoundaryArn;
  }
}
