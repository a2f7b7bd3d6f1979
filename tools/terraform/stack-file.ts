import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { TerraformJson } from './offline-stack';

export const STACK_FILE = 'cdk.tf.json';

const withProviders = v.object({
  terraform: v.object({ required_providers: v.record(v.string(), v.object({ source: v.string() })) }),
});

export function readStack(directory: string): TerraformJson {
  return v.parse(v.record(v.string(), v.unknown()), JSON.parse(readFileSync(join(directory, STACK_FILE), 'utf8')));
}

export function writeStack(directory: string, stack: TerraformJson): void {
  writeFileSync(join(directory, STACK_FILE), JSON.stringify(stack, null, 2));
}

/** Where each provider comes from, such as `hashicorp/aws`. */
export function providerSources(stack: TerraformJson): string[] {
  const { terraform } = v.parse(withProviders, stack);
  return Object.values(terraform.required_providers).map(({ source }) => source);
}

const withVariables = v.object({
  variable: v.optional(v.record(v.string(), v.object({ default: v.optional(v.unknown()) })), {}),
});

/** The default of each variable. There are none without a stack. */
export function variableDefaults(directory: string): Readonly<Record<string, unknown>> {
  if (!existsSync(join(directory, STACK_FILE))) return {};
  const { variable } = v.parse(withVariables, readStack(directory));
  return Object.fromEntries(Object.entries(variable).map(([name, declared]) => [name, declared.default]));
}
