import { UNUSED } from '../../kit/stacks/unused-permissions';
import type { Deployed } from '../assertions/assertion';
import { permissions, roleName } from '../support/lookups';
import type { AllowedCall } from '../emulator/emulator';
import type { Say } from '../../kit/steps';
import { granted, inWords, madeAs, useOf } from './use-of-permissions';

interface Evidence {
  /** The calls of the whole run. */
  readonly calls: readonly AllowedCall[];
  /** Addresses of resources, by ARN. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** Reports for each permission of the functions' roles whether the run used it, or else why it exists. @throws for a permission without a reason */
export async function assertLeastPrivilege(
  deployed: Deployed,
  { calls, addresses }: Evidence,
  say: Say,
): Promise<void> {
  const needless: string[] = [];
  for (const role of ['payment-processor', 'dlq-processor'] as const) {
    const rights = granted(await permissions(deployed, role), addresses);
    const use = useOf(rights, madeAs(roleName(role), calls, addresses), UNUSED[role]);
    say(`the ${role}'s role has used ${use.used.length} of ${rights.length} rights: ${inWords(use.used)}`);
    for (const { because, permissions: unused } of use.unused) say(`  not used: ${inWords(unused)} (${because})`);
    if (use.needless.length > 0) needless.push(`${roleName(role)}: ${inWords(use.needless)}`);
  }
  if (needless.length > 0)
    throw new Error(`Granted, never used, and without a reason in unused-permissions.ts:\n  ${needless.join('\n  ')}`);
}
