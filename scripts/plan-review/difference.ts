import diff from 'microdiff';
import { mask } from './mask';
import { digestOf, type Meaning, type PlannedChange } from './meaning';
import { isHidden, isRecord, isUnknown } from './stated';

const LONGEST_VALUE = 300;

/** Divides what is shown of a sensitive value from what makes it another one. */
const NOT_SHOWN = '\0';

/** What a plan does otherwise than the reviewed one, a line each. None when they do the same. */
export function differencesBetween(reviewed: Meaning, now: Meaning): string[] {
  const lines = diff(toShow(reviewed), toShow(now)).map(({ path, ...difference }) => {
    const [kind, subject, ...where] = path.map(String);
    const values: Values = { was: 'oldValue' in difference ? difference.oldValue : undefined, is: 'value' in difference ? difference.value : undefined };
    const what = nameOf(kind ?? '', subject ?? '');
    return where.length === 0 && kind !== 'variables' ? wholly(what, values) : `${[what, where.join('.')].filter(Boolean).join(', ')}: ${shown(values.was)} when reviewed, ${shown(values.is)} now`;
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

function nameOf(kind: string, subject: string): string {
  return { outputs: `output ${subject}`, variables: `variable ${subject}`, providers: `configuration of the provider ${subject}` }[kind] ?? subject;
}

function actionsOf(change: unknown): string {
  const { actions } = change as Partial<PlannedChange>;
  return actions?.join(' and ') ?? 'there';
}

/** Documents within strings are compared part by part, and markers become the words that a person reads. */
function toShow(value: Meaning): Record<string, unknown>;
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
  // Masked before it is cut, as half an account number is none any more.
  const text = mask(JSON.stringify(value, (_name, one: unknown) => (typeof one === 'string' ? one.split(NOT_SHOWN, 1)[0] : one)));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
