import * as v from 'valibot';
import { dlqProcessorEnvironment, processorEnvironment } from '../../../src/contract/environment';
import { code, table } from '../generated';
import { entryDocs } from './declarations';
import { functionVariables } from './stack';

const FUNCTIONS = { 'payment processor': processorEnvironment, 'DLQ processor': dlqProcessorEnvironment };

/** The variables in docs/reference/environment.md. @throws Error when one has no docstring */
export function environmentPage(): string {
  const meanings = entryDocs('contract/environment.ts');
  const schemas: Readonly<Record<string, v.GenericSchema>> = {
    ...processorEnvironment.entries,
    ...dlqProcessorEnvironment.entries,
  };
  const rows = Object.entries(schemas).map(([name, schema]) => {
    const meaning = meanings.get(name);
    if (meaning === undefined) throw new Error(`${name} has no docstring.`);
    const users = Object.entries(FUNCTIONS).filter(([, { entries }]) => Object.hasOwn(entries, name));
    return [
      code(name),
      users.length === Object.keys(FUNCTIONS).length ? 'both' : users.map(([user]) => user).join(),
      v.getDescription('wrapped' in schema ? (schema.wrapped as v.GenericSchema) : schema)!,
      defaultOf(schema),
      valueOf(name),
      meaning,
    ];
  });
  return table(['variable', 'function', 'must be', 'default', 'the construct sets', 'meaning'], rows);
}

function defaultOf(schema: v.GenericSchema): string {
  if (!('wrapped' in schema)) return 'required';
  const { default: value } = schema as unknown as { readonly default?: string };
  return value === undefined ? 'none' : code(value);
}

/** With default props. A value that only Terraform knows, or that differs between the functions, is not shown. */
function valueOf(name: string): string {
  const values = new Set(functionVariables().flatMap((variables) => variables[name] ?? []));
  const [value] = values;
  if (value === undefined) return 'with its prop';
  return values.size > 1 || /[<:]/.test(value) ? 'yes' : code(value);
}
