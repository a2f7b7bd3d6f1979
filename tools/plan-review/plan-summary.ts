import diff from 'microdiff';
import { mask, secretsIn } from './mask';
import {
  canonical,
  hide,
  isHidden,
  isRecord,
  isUnknown,
  normalize,
  recordOf,
  sha256,
  unknownExpressions,
} from './normalize-values';
import { readPlanFile, showPlan, type Change, type PlanFile, type ResourceChange } from './plan-file';

/** Characters. */
const MAX_VALUE_LENGTH = 300;

/** Separates the shown part of a sensitive value from its hash, which only the comparison sees. */
const NOT_SHOWN = '\0';

/** The change of one resource, or the read of one data source, with the values that it changes. */
export interface PlannedChange {
  readonly type: string;
  readonly actions: readonly string[];
  /** Key of the provider's configuration: two configurations of one provider may have different regions. */
  readonly provider?: string;
  readonly before: unknown;
  readonly after: unknown;
  /** The expressions of unknown values: without them, two plans could look the same and do different things. */
  readonly configured?: unknown;
  readonly replacedFor?: readonly unknown[];
  readonly movedFrom?: string;
  readonly imported?: unknown;
}

/** Everything that a plan does, and nothing that differs between two plans that do the same. */
export interface PlanSummary {
  readonly changes: Readonly<Record<string, PlannedChange>>;
  readonly outputs: Readonly<Record<string, Omit<PlannedChange, 'type'>>>;
  /** Expressions whose result is unknown may use them. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The configurations of the providers, such as the region. Hidden, as a plan doesn't say which parts are secret. */
  readonly providers: Readonly<Record<string, unknown>>;
}

/** A plan that Terraform saved. */
export interface SavedPlan {
  readonly summary: PlanSummary;
  /** The plan as Terraform prints it, masked. */
  readonly text: string;
}

/** @throws CommandError, TerraformMissingError */
export async function readSavedPlan(file: string): Promise<SavedPlan> {
  const plan = readPlanFile(await showPlan(file, '-json'));
  return { summary: summarize(plan), text: mask(await showPlan(file, '-no-color'), secretsIn(plan)).trim() };
}

/** @throws CommandError when an unknown value has no expression that can be compared */
export function summarize(plan: PlanFile): PlanSummary {
  const { outputs, variables } = plan.configuration.root_module;
  return {
    changes: Object.fromEntries(
      plan.resource_changes.filter(doesSomething).map((one) => [nameOf(one), changeOf(one, plan)]),
    ),
    outputs: mapValues(changing(plan.output_changes), (change, name) => ({
      ...valuesOf({ before: { value: change.before }, after: { value: change.after } }, wrapped(change)),
      actions: change.actions,
      ...unknownExpressions(
        `output ${name}`,
        { value: outputs[name]?.expression },
        { value: change.after_unknown },
        { value: change.after_sensitive },
      ),
    })),
    variables: mapValues(plan.variables, ({ value }, name) => (variables[name]?.sensitive ? hide(value) : value)),
    providers: mapValues(plan.configuration.provider_config, hide),
  };
}

/** @returns `sha256:` and hexadecimal digits, the same for two plans that do the same */
export function digestOf(summary: PlanSummary): string {
  return `sha256:${sha256(canonical(summary))}`;
}

/** Whether the plan changes nothing. A plan that only reads data sources changes nothing. */
export function changesNothing({ changes, outputs }: PlanSummary): boolean {
  return (
    Object.keys(outputs).length === 0 &&
    Object.values(changes).every(({ actions }) => actions.every((action) => action === 'read'))
  );
}

function changeOf(resource: ResourceChange, plan: PlanFile): PlannedChange {
  const { address, change, type, previous_address: movedFrom } = resource;
  const block = plan.configuration.root_module.resources.find((one) => one.address === address.replace(/\[.*\]$/, ''));
  const provisioners = change.actions.some((action) => action === 'create' || action === 'delete')
    ? block?.provisioners
    : undefined;
  return {
    type,
    actions: change.actions,
    ...(block?.provider_config_key !== undefined && { provider: block.provider_config_key }),
    ...valuesOf(change, change),
    ...unknownExpressions(address, block?.expressions, change.after_unknown, change.after_sensitive, provisioners),
    ...(change.replace_paths.length > 0 && { replacedFor: change.replace_paths.map(canonical).sort() }),
    ...(movedFrom !== undefined && { movedFrom }),
    ...(change.importing !== undefined && { imported: change.importing }),
  };
}

/** Leaves out unchanged values, except those of a resource that is created or replaced. */
function valuesOf(values: { before?: unknown; after?: unknown }, change: Change): { before: unknown; after: unknown } {
  const before = recordOf(normalize(values.before, undefined, change.before_sensitive));
  const after = recordOf(normalize(values.after, change.after_unknown, change.after_sensitive));
  return {
    before: differing(before, after),
    after: change.actions.includes('create') ? after : differing(after, before),
  };
}

function wrapped(change: Change): Change {
  const { before_sensitive, after_sensitive, after_unknown } = change;
  return {
    ...change,
    before_sensitive: { value: before_sensitive },
    after_sensitive: { value: after_sensitive },
    after_unknown: { value: after_unknown },
  };
}

function differing(values: Record<string, unknown>, others: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => canonical(value) !== canonical(others[name])),
  );
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

/** A deposed object has the address of the object that replaces it. */
function nameOf({ address, deposed }: ResourceChange): string {
  return deposed === undefined ? address : `${address} (deposed ${deposed})`;
}

function mapValues<T, R>(
  values: Readonly<Record<string, T>>,
  change: (value: T, name: string) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}

/** Lists what a plan does differently from the reviewed one, a line each; none if both do the same. */
export function differencesBetween(reviewed: PlanSummary, now: PlanSummary): string[] {
  const lines = diff(toShow(reviewed), toShow(now)).map(({ path, ...difference }) => {
    const [kind, subject, ...where] = path.map(String);
    const values: Values = {
      was: 'oldValue' in difference ? difference.oldValue : undefined,
      is: 'value' in difference ? difference.value : undefined,
    };
    const what = subjectOf(kind ?? '', subject ?? '');
    return where.length === 0 && kind !== 'variables'
      ? wholly(what, values)
      : `${[what, where.join('.')].filter(Boolean).join(', ')}: ${shown(values.was)} when reviewed, ${shown(values.is)} now`;
  });
  if (lines.length > 0 || digestOf(reviewed) === digestOf(now)) return lines;
  return ['a document within a value is written otherwise, and says the same'];
}

interface Values {
  readonly was?: unknown;
  readonly is?: unknown;
}

function wholly(what: string, { was, is }: Values): string {
  if (was === undefined) return `${what}: ${actionsOf(is)} now, and was not in the reviewed plan`;
  if (is === undefined) return `${what}: ${actionsOf(was)} when reviewed, and is not in the plan now`;
  return `${what}: is another now`;
}

function subjectOf(kind: string, subject: string): string {
  return (
    {
      outputs: `output ${subject}`,
      variables: `variable ${subject}`,
      providers: `configuration of the provider ${subject}`,
    }[kind] ?? subject
  );
}

function actionsOf(change: unknown): string {
  const { actions } = change as Partial<PlannedChange>;
  return actions?.join(' and ') ?? 'there';
}

/** Parses JSON documents in strings, to compare them part by part, and replaces markers by words. */
function toShow(value: PlanSummary): Record<string, unknown>;
function toShow(value: unknown): unknown;
function toShow(value: unknown): unknown {
  if (typeof value === 'string') return document(value);
  if (isUnknown(value)) return '(known after apply)';
  if (isHidden(value)) return `(sensitive)${NOT_SHOWN}${JSON.stringify(value)}`;
  if (Array.isArray(value)) return value.map((one) => toShow(one));
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toShow(one)]));
  return value;
}

function document(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  // Mask before cutting: the pattern doesn't find half an account number.
  const text = mask(
    JSON.stringify(value, (_name, one: unknown) => (typeof one === 'string' ? one.split(NOT_SHOWN, 1)[0] : one)),
  );
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}
