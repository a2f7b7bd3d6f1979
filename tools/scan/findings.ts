import * as v from 'valibot';
import { CommandError } from '../../src/cli/command-error';

export interface Finding {
  readonly check: string;
  /** The check's description. */
  readonly name: string;
  /** Its address. */
  readonly resource: string;
}

export interface ScanReport {
  readonly findings: readonly Finding[];
  /** How many checks were made, passed ones included. */
  readonly checks: number;
  /** Version of checkov. */
  readonly version: string;
}

const summary = v.object({
  passed: v.number(),
  failed: v.number(),
  parsing_errors: v.number(),
  checkov_version: v.string(),
});
const failedCheck = v.object({
  check_id: v.string(),
  check_name: v.string(),
  resource: v.string(),
  file_line_range: v.tuple([v.number(), v.number()]),
});
const report = v.object({ summary, results: v.object({ failed_checks: v.array(failedCheck) }) });

/**
 * @param json what checkov printed for one framework; when it saw nothing to scan, that is a bare summary
 * @param addressAt the address of what begins in a line; for what has none, checkov's name is taken
 * @throws CommandError
 */
export function parseReport(json: string, addressAt: (line: number) => string | undefined): ScanReport {
  const { summary: counts, results } = read(json);
  const checks = counts.passed + counts.failed;
  if (counts.parsing_errors > 0) throw new CommandError('checkov cannot parse the stack.');
  if (checks === 0) throw new CommandError('checkov saw nothing in the stack to check.');
  const findings = results.failed_checks.map(({ check_id, check_name, resource, file_line_range: [line] }) => ({
    check: check_id,
    name: check_name,
    resource: addressAt(line) ?? resource,
  }));
  return { findings: distinct(findings), checks, version: counts.checkov_version };
}

function read(json: string): v.InferOutput<typeof report> {
  try {
    const answer: unknown = JSON.parse(json);
    return v.is(summary, answer) ? { summary: answer, results: { failed_checks: [] } } : v.parse(report, answer);
  } catch {
    throw new CommandError(`checkov's answer is no report:\n${json}`);
  }
}

/** Sorted by check and resource; a check that fails on several parts of a resource is one finding. */
function distinct(findings: readonly Finding[]): Finding[] {
  const byKey = new Map(findings.map((finding) => [`${finding.check} ${finding.resource}`, finding]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key)!);
}
