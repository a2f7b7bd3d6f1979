import { translateExpression, translateTemplate, type Translate } from './references';

/** The stack uses more of a replaced provider than has a stand-in. */
export class NoStandInError extends Error {
  override readonly name = 'NoStandInError';

  constructor(what: string, why = '') {
    super(`There is no stand-in for ${what}${why}.`);
  }
}

/** What a stack may ask of a packaged archive; for each its part of the local value that stands in. */
export const ARCHIVE_ATTRIBUTES = ['output_path', 'output_base64sha256', 'output_sha256'] as const;

/** What a stack may ask of a `random_uuid`, and what `terraform_data` calls it. */
const UUID_ATTRIBUTES: Readonly<Record<string, string>> = { result: 'id', id: 'id', keepers: 'triggers_replace' };

export function localName(archiveId: string): string {
  return `archive_file_${archiveId}`;
}

/** The ids that the stack declares, and that are replaced. */
export interface Replaced {
  readonly archives: readonly string[];
  readonly uuids: readonly string[];
}

/**
 * Lets every string of the stack refer to the stand-ins. References to what the stack does not declare stay as they
 * are: Terraform says best what is wrong with them.
 * @throws NoStandInError
 */
export function referToStandIns<T>(stack: T, replaced: Replaced): T {
  return new StandInReferences(replaced).in(stack) as T;
}

/** The same in HCL, which is one expression from end to end. */
export function referToStandInsInHcl(hcl: string, replaced: Replaced): string {
  return translateExpression(hcl, new StandInReferences(replaced).translate);
}

class StandInReferences {
  constructor(private readonly replaced: Replaced) {}

  in(value: unknown): unknown {
    if (typeof value === 'string') return translateTemplate(value, this.translate);
    if (Array.isArray(value)) return value.map((item) => this.in(item));
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map((entry) => this.inEntry(entry)));
    return value;
  }

  private inEntry([key, value]: [string, unknown]): [string, unknown] {
    if (key === 'depends_on') return [key, this.inExpressions(value).filter((reference) => !isLocal(reference))];
    if (key === 'replace_triggered_by') return [key, this.inExpressions(value)];
    return [translateTemplate(key, this.translate), this.in(value)];
  }

  private inExpressions(value: unknown): string[] {
    return (value as string[]).map((expression) => translateExpression(expression, this.translate));
  }

  readonly translate: Translate = (path) => {
    if (path[0] === 'data' && path[1] === 'archive_file' && this.replaced.archives.includes(path[2] ?? '')) return archiveStandIn(path);
    if (path[0] === 'random_uuid' && this.replaced.uuids.includes(path[1] ?? '')) return uuidStandIn(path);
    return undefined;
  };
}

/** Nothing has to wait for a local value, and Terraform would not let it. */
function isLocal(expression: string): boolean {
  return /^(\$\{)?local\./.test(expression);
}

function archiveStandIn(path: readonly string[]): string {
  const [, , id = '', ...attribute] = path;
  const known: readonly string[] = ARCHIVE_ATTRIBUTES;
  if (attribute.every((name) => known.includes(name))) return ['local', localName(id), ...attribute].join('.');
  throw new NoStandInError(path.join('.'));
}

function uuidStandIn(path: readonly string[]): string {
  const [, id = '', attribute, ...rest] = path;
  const standIn = attribute === undefined ? [] : UUID_ATTRIBUTES[attribute];
  if (standIn === undefined) throw new NoStandInError(path.join('.'));
  return ['terraform_data', id, ...[standIn].flat(), ...rest].join('.');
}
