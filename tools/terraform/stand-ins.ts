import { CommandError } from '../../src/cli/command-error';
import { translateExpression, translateTemplate, type Translate } from '../kit/stacks/expression';

/** The stack uses more of a replaced provider than has a stand-in. */
export class NoStandInError extends CommandError {
  constructor(what: string, why = '') {
    super(`There is no stand-in for ${what}${why}.`);
  }
}

/** The attributes of a packaged archive that a stack may read. The local value that stands in has the same ones. */
export const ARCHIVE_ATTRIBUTES = ['output_path', 'output_base64sha256', 'output_sha256'] as const;

/** The random resources that a `terraform_data`, whose id is a UUID, stands in for: the attributes that a stack may read, as expressions. */
const RANDOM: Readonly<Record<RandomType, Readonly<Record<string, (standIn: string) => string>>>> = {
  random_uuid: {
    result: (standIn) => `${standIn}.id`,
    id: (standIn) => `${standIn}.id`,
    keepers: (standIn) => `${standIn}.triggers_replace`,
  },
  random_bytes: { hex: (standIn) => `sensitive(${standIn}.id)` },
};
export const RANDOM_TYPES = ['random_uuid', 'random_bytes'] as const;
export type RandomType = (typeof RANDOM_TYPES)[number];

export function localName(archiveId: string): string {
  return `archive_file_${archiveId}`;
}

/** The ids of the replaced resources and data sources that the stack declares. */
export interface Replaced {
  readonly archives: readonly string[];
  readonly randoms: Readonly<Record<RandomType, readonly string[]>>;
}

/**
 * Makes every string of the stack refer to the stand-ins. A reference to something undeclared stays, so that Terraform
 * reports it.
 * @throws NoStandInError
 */
export function referToStandIns<T>(stack: T, replaced: Replaced): T {
  return new StandInReferences(replaced).in(stack) as T;
}

/** Does the same in HCL, whose syntax is that of an expression as far as references are concerned. */
export function referToStandInsInHcl(hcl: string, replaced: Replaced): string {
  return translateExpression(hcl, new StandInReferences(replaced).translate);
}

class StandInReferences {
  constructor(private readonly replaced: Replaced) {}

  in(value: unknown): unknown {
    if (typeof value === 'string') return translateTemplate(value, this.translate);
    if (Array.isArray(value)) return value.map((item) => this.in(item));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map((entry) => this.inEntry(entry)));
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
    if (path[0] === 'data' && path[1] === 'archive_file' && this.replaced.archives.includes(path[2] ?? ''))
      return archiveStandIn(path);
    const random = RANDOM_TYPES.find((type) => type === path[0]);
    return random !== undefined && this.replaced.randoms[random].includes(path[1] ?? '')
      ? randomStandIn(random, path)
      : undefined;
  };
}

/** Terraform refuses a local value in `depends_on`. */
function isLocal(expression: string): boolean {
  return /^(\$\{)?local\./.test(expression);
}

function archiveStandIn(path: readonly string[]): string {
  const [, , id = '', ...attribute] = path;
  const known: readonly string[] = ARCHIVE_ATTRIBUTES;
  if (attribute.every((name) => known.includes(name))) return ['local', localName(id), ...attribute].join('.');
  throw new NoStandInError(path.join('.'));
}

function randomStandIn(type: RandomType, path: readonly string[]): string {
  const [, id = '', attribute, ...rest] = path;
  const standIn = `terraform_data.${id}`;
  if (attribute === undefined) return standIn;
  const expression = RANDOM[type][attribute];
  if (expression === undefined) throw new NoStandInError(path.join('.'));
  return [expression(standIn), ...rest].join('.');
}
