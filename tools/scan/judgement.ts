import type { AcceptedFinding } from './accepted';
import type { Finding } from './findings';

export interface Judgement {
  readonly accepted: readonly { readonly finding: Finding; readonly reason: string }[];
  /** Findings that are not accepted. */
  readonly fresh: readonly Finding[];
  /** Entries of the list that no finding needs any more. */
  readonly stale: readonly AcceptedFinding[];
}

/** Compares what was found with what is accepted. */
export function judge(findings: readonly Finding[], list: readonly AcceptedFinding[]): Judgement {
  const judged = findings.map((finding) => ({ finding, entry: list.find((entry) => accepts(entry, finding)) }));
  return {
    accepted: judged.flatMap(({ finding, entry }) => (entry === undefined ? [] : [{ finding, reason: entry.reason }])),
    fresh: judged.flatMap(({ finding, entry }) => (entry === undefined ? [finding] : [])),
    stale: list.filter((entry) => judged.every((other) => other.entry !== entry)),
  };
}

function accepts({ check, resource }: AcceptedFinding, finding: Finding): boolean {
  if (check !== finding.check) return false;
  if (typeof resource === 'string') return resource === finding.resource;
  return new RegExp(`^(?:${resource.source})$`, resource.flags.replace(/[gy]/g, '')).test(finding.resource);
}
