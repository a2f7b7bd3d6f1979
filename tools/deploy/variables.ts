import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Request } from './request';
import { CommandError } from '../../src/cli/command-error';

/** The required variables, each with a placeholder for commands that do not use its value. */
export const REQUIRED_VARIABLES = {
  alert_email: 'nobody@example.invalid',
  fraud_api_url: 'https://fraud.example.invalid/check',
} as const;

const EXAMPLES = { alert_email: 'payments-oncall@example.com', fraud_api_url: 'https://fraud.example.internal/check' };

type RequiredVariable = keyof typeof REQUIRED_VARIABLES;

export function missingVariablesError(names: readonly RequiredVariable[]): CommandError {
  const lines = names.map((name) => `${name} = "${EXAMPLES[name]}"`).join(' and ');
  const verb = names.length > 1 ? 'have' : 'has';
  return new CommandError(
    `${names.join(' and ')} ${verb} no value: write ${lines} into terraform.tfvars in the project's root, or give them by -var or TF_VAR_<name>.`,
  );
}

/**
 * The files of the project's root that Terraform would take by itself if the configuration were there, in its own order.
 * Variables of the command line come after them, and win.
 */
export function projectVariableFiles(root: string): string[] {
  const names = readdirSync(root).sort();
  const plain = ['terraform.tfvars', 'terraform.tfvars.json'].filter((name) => names.includes(name));
  const automatic = names.filter((name) => /\.auto\.tfvars(\.json)?$/.test(name));
  return [...plain, ...automatic].map((name) => join(root, name));
}

/** @throws CommandError */
export function missingVariables(
  { variables, variableFiles }: Request,
  projectFiles: readonly string[],
  environment: NodeJS.ProcessEnv,
): RequiredVariable[] {
  const given = new Set([...variables.map(nameOf), ...[...projectFiles, ...variableFiles].flatMap(assignedIn)]);
  const required = Object.keys(REQUIRED_VARIABLES) as RequiredVariable[];
  return required.filter((name) => !given.has(name) && !environment[`TF_VAR_${name}`]);
}

/**
 * The value of a variable, as text; undefined when it has its default. Terraform takes -var and -var-file in their order; here -var
 * comes last.
 */
export function givenValue(
  name: string,
  { variables, variableFiles }: Request,
  projectFiles: readonly string[],
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const fromFiles = [...projectFiles, ...variableFiles].map((file) => valueIn(file, name));
  const fromOptions = variables
    .filter((one) => nameOf(one) === name)
    .map((one) => one.slice(one.indexOf('=') + 1).trim());
  return [environment[`TF_VAR_${name}`], ...fromFiles, ...fromOptions].findLast((value) => value !== undefined);
}

function valueIn(file: string, name: string): string | undefined {
  const assignment = file.endsWith('.json')
    ? new RegExp(`"${name}"\\s*:\\s*"?([^",}\\s]*)`)
    : new RegExp(`^\\s*"?${name}"?\\s*=\\s*"?([^"#\\s]*)`, 'm');
  return assignment.exec(readFileSync(file, 'utf8'))?.[1];
}

function nameOf(assignment: string): string {
  return assignment.split('=', 1)[0]!.trim();
}

/** Terraform reads the file later, and says best what is wrong with it: here every `name =` counts. */
function assignedIn(file: string): string[] {
  if (!existsSync(file)) throw new CommandError(`There is no ${basename(file)} where -var-file looks for it: ${file}.`);
  const assignment = file.endsWith('.json') ? /"([\w-]+)"\s*:/g : /^\s*"?([\w-]+)"?\s*=/gm;
  return [...readFileSync(file, 'utf8').matchAll(assignment)].map(([, name]) => name!);
}
