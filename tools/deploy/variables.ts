import { nameOf, readVariableFile, type VariableSources } from '../../src/app/given-values';
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

/** @throws CommandError */
export function missingVariables(
  { variables, variableFiles }: VariableSources,
  projectFiles: readonly string[],
  environment: NodeJS.ProcessEnv,
): RequiredVariable[] {
  const given = new Set([...variables.map(nameOf), ...[...projectFiles, ...variableFiles].flatMap(assignedIn)]);
  const required = Object.keys(REQUIRED_VARIABLES) as RequiredVariable[];
  return required.filter((name) => !given.has(name) && !environment[`TF_VAR_${name}`]);
}

/** Terraform reads the file later, and says best what is wrong with it: here every `name =` counts. */
function assignedIn(file: string): string[] {
  const assignment = file.endsWith('.json') ? /"([\w-]+)"\s*:/g : /^\s*"?([\w-]+)"?\s*=/gm;
  return [...readVariableFile(file).matchAll(assignment)].map(([, name]) => name!);
}
