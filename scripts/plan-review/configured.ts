import { UnreadablePlanError } from './plan-file';
import { hide, isRecord, recordOf } from './stated';

/** What a local value or a module makes of it is not in a plan. */
const OUT_OF_SIGHT = /^(local|module)\./;

/**
 * Of the arguments whose value is unknown, the expressions as they are configured. What only AWS decides has none.
 * @param expressions by argument, as the plan's configuration lists them
 * @param provisioners run when the resource is made or destroyed, and have no value that a plan could show
 * @throws UnreadablePlanError when the expression leads to something that the plan does not show
 */
export function configured(
  subject: string,
  expressions: Readonly<Record<string, unknown>> | undefined,
  unknown: unknown,
  sensitive: unknown,
  provisioners?: unknown,
): { configured?: Record<string, unknown> } {
  const names = Object.entries(recordOf(unknown)).filter(([, where]) => holdsTrue(where)).map(([name]) => name);
  if (names.length > 0 && expressions === undefined) {
    throw new UnreadablePlanError(`What the plan will make of ${subject} cannot be compared: its configuration is not in the plan, as that of a module is not.`);
  }
  const texts = names.flatMap((name) => {
    const expression = expressions?.[name];
    if (expression === undefined) return [];
    const text = textOf(expression, subject);
    return [[name, holdsTrue(recordOf(sensitive)[name]) ? hide(text) : text] as const];
  });
  const all = { ...Object.fromEntries(texts), ...(provisioners !== undefined && { provisioners }) };
  return Object.keys(all).length > 0 ? { configured: all } : {};
}

/** Terraform calls an expression of a JSON configuration a constant value: it is its text, references included. */
function textOf(expression: unknown, subject: string): unknown {
  if (Array.isArray(expression)) return expression.map((one) => textOf(one, subject));
  if (!isRecord(expression)) return expression;
  const { references, constant_value: text } = expression;
  for (const reference of Array.isArray(references) ? (references as string[]) : []) {
    if (OUT_OF_SIGHT.test(reference)) throw new UnreadablePlanError(`What the plan will make of ${subject} cannot be compared: it depends on ${reference}, whose value a plan does not show.`);
  }
  if (text !== undefined) return text;
  if (references !== undefined) return [...new Set(references as string[])].sort();
  return Object.fromEntries(Object.entries(expression).map(([name, one]) => [name, textOf(one, subject)]));
}

function holdsTrue(where: unknown): boolean {
  if (where === true) return true;
  return typeof where === 'object' && where !== null && Object.values(where).some(holdsTrue);
}
