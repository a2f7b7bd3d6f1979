import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CommandError, messageOf } from '../cli/command-error';

/** Where the values of variables come from. */
export interface VariableSources {
  /** `alert_email=…`, as `-var` has them. */
  readonly variables: readonly string[];
  /** The files of `-var-file`. */
  readonly variableFiles: readonly string[];
}

/**
 * The files of the project's root that Terraform would take by itself if the configuration were there, in its own order, and then
 * those of the environment, such as `dev.tfvars`. Variables of the command line come after them, and win.
 * @param environment the pipeline's, where it doesn't come from a file
 */
export function projectVariableFiles(root: string, environment = process.env.TF_VAR_environment): string[] {
  const names = readdirSync(root).sort();
  const plain = ['terraform.tfvars', 'terraform.tfvars.json'].filter((name) => names.includes(name));
  const automatic = names.filter((name) => /\.auto\.tfvars(\.json)?$/.test(name));
  const own = names.filter(
    (name) => name === `${environment ?? ''}.tfvars` || name === `${environment ?? ''}.tfvars.json`,
  );
  return [...plain, ...automatic, ...own].map((name) => join(root, name));
}

/**
 * The value of a variable, as text; undefined when it has its default. Terraform takes -var and -var-file in their order; here -var
 * comes last.
 * @throws CommandError when a file is not there, or is not JSON though its name says so
 */
export function givenValue(
  name: string,
  { variables, variableFiles }: VariableSources,
  projectFiles: readonly string[],
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const fromFiles = [...projectFiles, ...variableFiles].map((file) => valueIn(file, name));
  const fromOptions = variables
    .filter((one) => nameOf(one) === name)
    .map((one) => one.slice(one.indexOf('=') + 1).trim());
  return [environment[`TF_VAR_${name}`], ...fromFiles, ...fromOptions].findLast((value) => value !== undefined);
}

/** The name in `name=value`. */
export function nameOf(assignment: string): string {
  return assignment.split('=', 1)[0]!.trim();
}

/** https://developer.hashicorp.com/terraform/language/syntax/configuration#comments */
const STRING_OR_COMMENT = /"(?:[^"\\\n]|\\.)*"|\/\*[^]*?\*\/|(?:#|\/\/).*/g;

/** A file of variables, without its comments. @throws CommandError when there is no such file */
export function readVariableFile(file: string): string {
  if (!existsSync(file)) throw new CommandError(`There is no ${basename(file)} where -var-file looks for it: ${file}.`);
  const text = readFileSync(file, 'utf8');
  return file.endsWith('.json')
    ? text
    : text.replace(STRING_OR_COMMENT, (found) => (found.startsWith('"') ? found : ''));
}

/** Terraform takes null as no value. */
function valueIn(file: string, name: string): string | undefined {
  const text = readVariableFile(file);
  if (file.endsWith('.json')) return valueInJson(file, text, name);
  const assignment = new RegExp(`^\\s*"?${name}"?\\s*=\\s*(?:"([^"]*)"|(\\S*))`, 'm');
  const [, quoted, bare] = assignment.exec(text) ?? [];
  return quoted ?? (bare === 'null' ? undefined : bare);
}

function valueInJson(file: string, text: string, name: string): string | undefined {
  let values: Readonly<Record<string, unknown>>;
  try {
    values = JSON.parse(text) as typeof values;
  } catch (error) {
    throw new CommandError(`${basename(file)} is not JSON: ${messageOf(error)}`);
  }
  const value = Object.hasOwn(values, name) ? (values[name] ?? undefined) : undefined;
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
}
