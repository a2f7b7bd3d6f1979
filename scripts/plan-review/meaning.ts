import { configured } from './configured';
import type { Change, PlanFile, ResourceChange } from './plan-file';
import { canonical, hide, recordOf, sha256, stated } from './stated';

/** What a plan does to one resource, or what it will read for another; by the values that it changes. */
export interface PlannedChange {
  readonly type: string;
  readonly actions: readonly string[];
  /** Key of the provider's configuration: of two that have the same provider each may be in a region of its own. */
  readonly provider?: string;
  readonly before: unknown;
  readonly after: unknown;
  /** For what is unknown, the expressions that will make it: two plans may otherwise look alike, and do different things. */
  readonly configured?: unknown;
  readonly replacedFor?: readonly unknown[];
  readonly movedFrom?: string;
  readonly imported?: unknown;
}

/** What a plan does, and nothing that differs between two plans that do the same. */
export interface Meaning {
  readonly changes: Readonly<Record<string, PlannedChange>>;
  readonly outputs: Readonly<Record<string, Omit<PlannedChange, 'type'>>>;
  /** Their values are in expressions whose result is unknown. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Where all of it happens: a region is no argument of a resource. Hidden, as a plan does not say what of it is secret. */
  readonly providers: Readonly<Record<string, unknown>>;
}

/** @throws UnreadablePlanError when something unknown has no expression that can be compared */
export function meaningOf(plan: PlanFile): Meaning {
  const { outputs, variables } = plan.configuration.root_module;
  return {
    changes: Object.fromEntries(plan.resource_changes.filter(doesSomething).map((one) => [nameOf(one), changeOf(one, plan)])),
    outputs: mapValues(changing(plan.output_changes), (change, name) => ({
      ...valuesOf({ before: { value: change.before }, after: { value: change.after } }, wrapped(change)),
      actions: change.actions,
      ...configured(`output ${name}`, { value: outputs[name]?.expression }, { value: change.after_unknown }, { value: change.after_sensitive }),
    })),
    variables: mapValues(plan.variables, ({ value }, name) => (variables[name]?.sensitive ? hide(value) : value)),
    providers: mapValues(plan.configuration.provider_config, hide),
  };
}

/** @returns `sha256:` and hexadecimal digits: the same for two plans that do the same */
export function digestOf(meaning: Meaning): string {
  return `sha256:${sha256(canonical(meaning))}`;
}

/** Whether the plan would change nothing; what it would read then does not matter. */
export function changesNothing({ changes, outputs }: Meaning): boolean {
  return Object.keys(outputs).length === 0 && Object.values(changes).every(({ actions }) => actions.every((action) => action === 'read'));
}

function changeOf(resource: ResourceChange, plan: PlanFile): PlannedChange {
  const { address, change, type, previous_address: movedFrom } = resource;
  const block = plan.configuration.root_module.resources.find((one) => one.address === address.replace(/\[.*\]$/, ''));
  const provisioners = change.actions.some((action) => action === 'create' || action === 'delete') ? block?.provisioners : undefined;
  return {
    type,
    actions: change.actions,
    ...(block?.provider_config_key !== undefined && { provider: block.provider_config_key }),
    ...valuesOf(change, change),
    ...configured(address, block?.expressions, change.after_unknown, change.after_sensitive, provisioners),
    ...(change.replace_paths.length > 0 && { replacedFor: change.replace_paths.map(canonical).sort() }),
    ...(movedFrom !== undefined && { movedFrom }),
    ...(change.importing !== undefined && { imported: change.importing }),
  };
}

/** What stays as it is says nothing, unless it is made anew. */
function valuesOf(values: { before?: unknown; after?: unknown }, change: Change): { before: unknown; after: unknown } {
  const before = recordOf(stated(values.before, undefined, change.before_sensitive));
  const after = recordOf(stated(values.after, change.after_unknown, change.after_sensitive));
  return {
    before: unlike(before, after),
    after: change.actions.includes('create') ? after : unlike(after, before),
  };
}

function wrapped(change: Change): Change {
  const { before_sensitive, after_sensitive, after_unknown } = change;
  return { ...change, before_sensitive: { value: before_sensitive }, after_sensitive: { value: after_sensitive }, after_unknown: { value: after_unknown } };
}

function unlike(values: Record<string, unknown>, others: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => canonical(value) !== canonical(others[name])));
}

function doesSomething({ change, previous_address: movedFrom }: ResourceChange): boolean {
  return !isNoOp(change) || movedFrom !== undefined || change.importing !== undefined;
}

function changing(outputs: PlanFile['output_changes']): PlanFile['output_changes'] {
  return Object.fromEntries(Object.entries(outputs).filter(([, change]) => !isNoOp(change)));
}

function isNoOp({ actions }: Change): boolean {
  return actions.every((action) => action === 'no-op');
}

/** A deposed object stands beside the one that replaces it. */
function nameOf({ address, deposed }: ResourceChange): string {
  return deposed === undefined ? address : `${address} (deposed ${deposed})`;
}

function mapValues<T, R>(values: Readonly<Record<string, T>>, change: (value: T, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}
