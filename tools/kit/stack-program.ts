import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as archive from '@cdktf/provider-archive/lib/provider';
import * as metricAlarm from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import * as iamRole from '@cdktf/provider-aws/lib/iam-role';
import * as aws from '@cdktf/provider-aws/lib/provider';
import * as random from '@cdktf/provider-random/lib/provider';
import * as cdktf from 'cdktf';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { withoutTraces } from '../../src/app/without-traces';
import * as main from '../../src/index';
import { newDirectory } from './new-directory';

interface Synthesized {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly output: Readonly<Record<string, object>>;
}

/**
 * Runs a page's program as its reader does, with this project's construct.
 * @param files the program's files, by name
 * @param file the one that is run
 * @param given packages for this run alone
 * @returns the stack `payments`, if the program synthesized it
 */
export function runStackProgram(
  files: Readonly<Record<string, string>>,
  file: string,
  given: Readonly<Record<string, unknown>> = {},
): Synthesized | undefined {
  const outdir = newDirectory();
  class App extends cdktf.App {
    constructor() {
      super({ outdir });
    }
  }
  const packages: Readonly<Record<string, unknown>> = {
    '@cdktf/provider-archive/lib/provider/index.js': archive,
    '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js': metricAlarm,
    '@cdktf/provider-aws/lib/iam-role/index.js': iamRole,
    '@cdktf/provider-aws/lib/provider/index.js': aws,
    '@cdktf/provider-random/lib/provider/index.js': random,
    cdktf: { ...cdktf, App },
    'cdktf-payment-pipeline': main,
    ...given,
  };
  const load = (name: string) => (name.startsWith('./') ? evaluate(`${name.slice(2)}.ts`) : packages[name]);
  const evaluate = (name: string) => {
    const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
    const exports = {};
    const { outputText } = transpileModule(files[name]!, { compilerOptions });
    (new Function('require', 'exports', outputText) as (...values: unknown[]) => void)(load, exports);
    return exports;
  };
  withoutTraces(() => evaluate(file));
  const stack = join(outdir, 'stacks/payments/cdk.tf.json');
  return existsSync(stack) ? (JSON.parse(readFileSync(stack, 'utf8')) as Synthesized) : undefined;
}

/** The constructs' paths of the resources of one type, without cdktf's hash. */
export function idsOf(stack: Synthesized | undefined, type: string): string[] {
  return Object.keys(stack?.resource[type] ?? {}).map((id) => id.replace(/_[0-9A-F]{8}$/, ''));
}
