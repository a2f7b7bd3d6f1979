import type { Unused } from '../../kit/stacks/unused-permissions';
import type { AllowedCall } from '../emulator/emulator';
import type { PolicyStatement } from '../support/lookups';

/** An action on a resource, which is told by its address where it is one of the stack. */
export interface Permission {
  readonly action: string;
  readonly on: string;
}

/** The permissions of a role that a run has used. */
export interface Use {
  readonly used: readonly Permission[];
  readonly unused: readonly { readonly because: string; readonly permissions: readonly Permission[] }[];
  /** Neither used nor explained. */
  readonly needless: readonly Permission[];
}

/** @param reasons for what no run can use */
export function useOf(granted: readonly Permission[], made: readonly Permission[], reasons: readonly Unused[]): Use {
  const used = granted.filter((one) => made.some((call) => isSame(call, one)));
  const rest = granted.filter((one) => !used.includes(one));
  const unused = reasons.map(({ because, actions, on }) => ({
    because,
    permissions: rest.filter((one) => actions.includes(one.action) && on.includes(one.on)),
  }));
  const explained = unused.flatMap(({ permissions }) => permissions);
  return {
    used,
    unused: unused.filter(({ permissions }) => permissions.length > 0),
    needless: rest.filter((one) => !explained.includes(one)),
  };
}

/** @param addresses by ARN */
export function granted(statements: readonly PolicyStatement[], addresses: ReadonlyMap<string, string>): Permission[] {
  const allowing = statements.filter(({ Effect }) => Effect === 'Allow');
  return allowing.flatMap(({ Action, Resource = [] }) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((arn) => ({ action, on: addressOf(arn, addresses) }))),
  );
}

/** The calls made by sessions of this role. */
export function madeAs(
  role: string,
  calls: readonly AllowedCall[],
  addresses: ReadonlyMap<string, string>,
): Permission[] {
  const own = calls.filter(({ by }) => by.includes(`:assumed-role/${role}/`));
  return own.map(({ action, on }) => ({ action, on: addressOf(on, addresses) }));
}

/** One line: the actions on each resource. */
export function inWords(permissions: readonly Permission[]): string {
  const resources = [...new Set(permissions.map(({ on }) => on))];
  return resources
    .map(
      (resource) =>
        `${permissions
          .filter(({ on }) => on === resource)
          .map(({ action }) => action)
          .join(', ')} on ${resource}`,
    )
    .join('; ');
}

/** The address of a resource. For a part of one, such as a table's index: its address and the rest of the ARN. */
function addressOf(arn: string, addresses: ReadonlyMap<string, string>): string {
  const owners = [...addresses.keys()].filter(
    (known) => arn === known || arn.startsWith(`${known}/`) || arn.startsWith(`${known}:`),
  );
  const owner = owners.sort((a, b) => a.length - b.length).at(-1);
  return owner === undefined ? arn : `${addresses.get(owner)}${arn.slice(owner.length)}`;
}

function isSame(a: Permission, b: Permission): boolean {
  return a.action === b.action && a.on === b.on;
}
