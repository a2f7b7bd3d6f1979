import { resolve } from 'node:path';
import type { VariableSources } from '../../src/app/given-values';
import type { ProfileOptions } from '../../src/app/settings';
import { UsageError } from '../../src/cli/command-error';

/** Terraform's options that may have their value in the next argument. Paths are relative to the user's directory. */
const WITH_VALUE = ['var', 'target', 'replace', 'exclude', 'parallelism', 'lock-timeout'];
const WITH_PATH = [
  'var-file',
  'out',
  'state',
  'state-out',
  'backup',
  'generate-config-out',
  'target-file',
  'exclude-file',
];

/** The options that are not Terraform's. */
export interface TaskOptions extends ProfileOptions {
  /** Nothing is built: the stack is used as it is. */
  readonly synthesized?: boolean;
}

/** The parsed command line. */
export interface Request extends VariableSources {
  /** Terraform's options, with paths that hold in any directory. */
  readonly passed: readonly string[];
  /** A saved plan, to apply as it is. */
  readonly planFile?: string;
  /** Where `-out` puts the plan. */
  readonly out?: string;
}

/** @param args without the options of the task. @throws UsageError */
export function readRequest(args: readonly string[], userDirectory: string): Request {
  const options = [...optionsIn(args)].map((option) => absolute(option, userDirectory));
  const valuesOf = (name: string) => options.filter((option) => option.name === name).map(({ value }) => value ?? '');
  const [planFile, ...more] = valuesOf('');
  if (more.length > 0) throw new UsageError(`One saved plan can be applied at a time, not also ${more.join(' ')}.`);
  const [out] = valuesOf('out');
  return {
    passed: options.filter(({ name }) => name !== '').map(asArgument),
    variables: valuesOf('var'),
    variableFiles: valuesOf('var-file'),
    ...(planFile !== undefined && { planFile }),
    ...(out !== undefined && { out }),
  };
}

export function has(request: Request, option: string): boolean {
  return request.passed.includes(option);
}

/** An argument. One dash or two are the same to Terraform. An operand has no name. */
interface Option {
  readonly name: string;
  readonly value?: string;
}

function* optionsIn(args: readonly string[]): Generator<Option> {
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, name, value] = /^--?([^=]+)(?:=([^]*))?$/.exec(arg) ?? [];
    if (name === undefined) yield { name: '', value: arg };
    else if (value !== undefined) yield { name, value };
    else if ([...WITH_VALUE, ...WITH_PATH].includes(name)) yield { name, value: valueAfter(arg, rest) };
    else yield { name };
  }
}

function valueAfter(option: string, rest: string[]): string {
  const value = rest.shift();
  if (value === undefined) throw new UsageError(`${option} needs a value.`);
  return value;
}

function absolute(option: Option, userDirectory: string): Option {
  const isPath = option.name === '' || WITH_PATH.includes(option.name);
  return isPath && option.value !== undefined ? { ...option, value: resolve(userDirectory, option.value) } : option;
}

function asArgument({ name, value }: Option): string {
  return value === undefined ? `-${name}` : `-${name}=${value}`;
}
