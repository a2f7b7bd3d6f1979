import { mkdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { MutantResult } from './judgement';
import { type Selection, testsDigest } from './parts';

/** Results and reports of each part. */
export const DIRECTORY = '.mutation';

/** Mutates one part. */
export type Mutate = (run: Selection[number] & { readonly force: boolean }) => Promise<MutantResult[]>;

/** Mutates one part by Stryker. */
export async function runStryker({ part, mutate, force }: Parameters<Mutate>[0]): Promise<MutantResult[]> {
  const { Stryker } = await import('@stryker-mutator/core');
  const directory = `${DIRECTORY}/${part.name}`;
  mkdirSync(directory, { recursive: true });
  const results = await new Stryker({
    configFile: 'stryker.config.json',
    mutate: [...mutate],
    force,
    incrementalFile: `${directory}/incremental-${testsDigest(part)}.json`,
    tempDirName: `${directory}/sandbox`,
    htmlReporter: { fileName: `${directory}/report.html` },
    jsonReporter: { fileName: `${directory}/report.json` },
    jest: { config: { globals: { PURE_SUITES: part.suites } } },
  }).runMutationTest();
  return results.map(({ fileName, location: { start, end }, replacement, status }) => ({
    file: relative(process.cwd(), fileName),
    line: start.line,
    original: textBetween(fileName, start, end),
    replacement,
    status,
  }));
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Lines and columns count from 1. */
function textBetween(file: string, start: Position, end: Position): string {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.column - 1);
  lines[0] = lines[0]!.slice(start.column - 1);
  return lines.join('\n');
}
