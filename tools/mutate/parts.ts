import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../src/cli/command-error';

/** Code that is mutated, and the suites that have to notice. */
export interface Part {
  readonly name: string;
  readonly code: string;
  readonly suites: Suites;
}

/** A folder below `test`, and the suites in it that are left out, by the beginning of their names. */
export interface Suites {
  readonly folder: string;
  readonly leftOut: readonly string[];
}

/** Left out are suites that wait for real time or measure it, compile TypeScript, or take longer than the rest of their part. */
export const PARTS: readonly Part[] = [
  {
    name: 'contract',
    code: 'src/contract',
    suites: { folder: 'contract', leftOut: ['hostile-time', 'self-checking.property'] },
  },
  { name: 'producer', code: 'src/producer', suites: { folder: 'producer', leftOut: ['guide'] } },
  {
    name: 'processor',
    code: 'src/processor/core',
    suites: { folder: 'processor/core', leftOut: ['batch-time', 'crashes', 'history-limit'] },
  },
  {
    name: 'dlq-processor',
    code: 'src/dlq-processor/core',
    suites: { folder: 'dlq-processor/core', leftOut: ['redrive-crash'] },
  },
];

/** The first is generated from a library's table. The suite of the second takes a minute, too long to run for each mutant. */
const NOT_MUTATED = ['src/contract/currency.ts', 'src/contract/self-checking.ts'];

/** The files of each part that Stryker mutates. A part without any is left out. */
export type Selection = readonly { readonly part: Part; readonly mutate: readonly string[] }[];

export function everything(): Selection {
  return selected(PARTS.map(({ code }) => `${code}/**/*.ts`));
}

/**
 * @param patterns files, globs, or lines of a file as in `src/contract/hold.ts:10-20`
 * @throws UsageError for one that no part has, or that names a file that is not mutated
 */
export function selected(patterns: readonly string[]): Selection {
  for (const pattern of patterns) {
    if (!PARTS.some((part) => isOf(part, pattern))) {
      throw new UsageError(
        `--mutate ${pattern} must begin with one of ${PARTS.map(({ code }) => `${code}/`).join(', ')}.`,
      );
    }
    if (NOT_MUTATED.some((file) => pattern.startsWith(file)))
      throw new UsageError(`--mutate ${pattern} names a file that is not mutated.`);
  }
  return PARTS.map((part) => ({ part, mutate: patterns.filter((pattern) => isOf(part, pattern)) }))
    .filter(({ mutate }) => mutate.length > 0)
    .map(({ part, mutate }) => ({
      part,
      mutate: [...mutate, ...NOT_MUTATED.filter((file) => isOf(part, file)).map((file) => `!${file}`)],
    }));
}

/** The files that differ from where the branch left `base`, also those that are not committed yet; new ones have to be added. */
export function changedSince(base: string, directory = process.cwd()): Selection {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  let files: string[];
  try {
    files = git('diff', '--name-only', '--diff-filter=d', git('merge-base', '--end-of-options', base, 'HEAD')).split(
      '\n',
    );
  } catch {
    throw new UsageError(`--since ${base} must be a commit of this repository that shares history with HEAD.`);
  }
  return selected(
    files.filter(
      (file) => file.endsWith('.ts') && !NOT_MUTATED.includes(file) && PARTS.some((part) => isOf(part, file)),
    ),
  );
}

function isOf({ code }: Part, pattern: string): boolean {
  return pattern.startsWith(`${code}/`);
}

/**
 * Changes with each change of a test, or of what tests share. Stryker sees the suites of a part as one file that never changes, and
 * would take results over from a run with other tests.
 */
export function testsDigest({ suites }: Part): string {
  const digest = createHash('sha256');
  for (const directory of [join('test', suites.folder), 'tools/kit']) {
    for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .sort()) {
      digest.update(`${directory}/${file}\0`).update(readFileSync(join(directory, file)));
    }
  }
  return digest.digest('hex').slice(0, 16);
}
