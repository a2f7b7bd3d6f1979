import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import type { processBatch } from '../../src/processor/core/batch';
import type { ServiceError } from '../../src/runtime/ports';
import type { contractProtocol } from '../../src/processor/adapters/fraud-api-protocol';
import type { HttpFraudApi } from '../../src/processor/adapters/http-fraud-api';
import type { readEvent } from '../../src/dlq-processor/core/event';
import type { deduplicationId } from '../../src/contract/fingerprint';
import type { operate } from '../../src/dlq-processor/core/operate';
import { virtualGlobals, type World } from '../kit/virtual-globals';
import { CommandError } from '../../src/cli/command-error';

/** A body costs time where it is read: the world says how much. */
const READING: Patch = {
  file: '../contract/json.ts',
  replace: 'export function parseStrictJson(text: string): unknown {',
  by: 'export function parseStrictJson(text: string): unknown { spendTimeOn(text);',
};

const PROCESSOR = join(__dirname, '../../src/processor');

/** One bundle for both functions, so that they share one copy of the contract and the runtime. */
const ENTRY = `
export { processBatch } from './core/batch';
export { contractProtocol } from './adapters/fraud-api-protocol';
export { HttpFraudApi } from './adapters/http-fraud-api';
export { readEvent } from '../dlq-processor/core/event';
export { ServiceError } from '../runtime/ports';
export { deduplicationId } from '../contract/fingerprint';
export { operate } from '../dlq-processor/core/operate';
`;

/** Replaces the one place in the file that has this text. */
export interface Patch {
  /** Path from `src/processor`. */
  readonly file: string;
  readonly replace: string;
  readonly by: string;
}

export const patch = (file: string, replace: string, by: string): Patch => ({ file, replace, by });

/** The patch's place is not there, or there is more than one: the code has moved on. */
export class StalePatchError extends CommandError {}

/** The exports of both functions' code. */
export interface Cores {
  readonly processBatch: typeof processBatch;
  readonly contractProtocol: typeof contractProtocol;
  readonly HttpFraudApi: typeof HttpFraudApi;
  readonly readEvent: typeof readEvent;
  readonly deduplicationId: typeof deduplicationId;
  readonly operate: typeof operate;
  readonly ServiceError: typeof ServiceError;
}

/** The code of both functions, as in `src` or with mutants, made to run in a simulated world. */
export interface Core extends Cores {
  /** Time is from now on this world's, and the code starts again: nothing in its memory comes from another world. */
  enter(world: World): void;
}

/** @throws StalePatchError */
export async function loadCore(patches: readonly Patch[] = []): Promise<Core> {
  const code = await bundle([READING, ...patches]);
  let current: World | undefined;
  const globals = virtualGlobals(() => {
    if (current === undefined) throw new Error('The core has no world yet.');
    return current;
  });
  const run = new Function('require', ...Object.keys(globals), `${code}\nreturn core;`) as (
    ...values: unknown[]
  ) => Cores;
  const start = () => run(require, ...Object.values(globals));
  const core: Core = {
    ...start(),
    enter: (world) => {
      current = world;
      Object.assign(core, start());
    },
  };
  return core;
}

/**
 * The same code without a world: it knows the outside by its ports alone. @throws StalePatchError
 */
export async function loadCores(patches: readonly Patch[] = []): Promise<Cores> {
  const run = new Function('require', `${await bundle(patches)}\nreturn core;`) as (load: typeof require) => Cores;
  return run(require);
}

/** @returns a script that leaves the exports in `core` */
async function bundle(patches: readonly Patch[]): Promise<string> {
  const unused = new Set(patches);
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: PROCESSOR, loader: 'ts' },
    write: false,
    bundle: true,
    platform: 'node',
    format: 'iife',
    globalName: 'core',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'patches',
        setup: ({ onLoad }) => {
          onLoad({ filter: /src\/(processor|dlq-processor|runtime|contract)\/.*\.ts$/ }, async ({ path }) => {
            const own = patches.filter(({ file }) => file === relative(PROCESSOR, path));
            own.forEach((patch) => unused.delete(patch));
            return { contents: own.reduce(apply, await readFile(path, 'utf8')), loader: 'ts' };
          });
        },
      },
    ],
  });
  for (const { file } of unused) throw new StalePatchError(`${file} is no part of the core.`);
  return outputFiles[0]!.text;
}

function apply(source: string, { file, replace, by }: Patch): string {
  const places = source.split(replace).length - 1;
  if (places !== 1) throw new StalePatchError(`${file} has ${places} places that read "${replace}", not one.`);
  return source.replace(replace, () => by);
}
