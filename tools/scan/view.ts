import Table from 'cli-table3';
import { createColors } from 'picocolors';
import { pluralize } from '../../src/cli/pluralize';
import type { Judgement } from './judgement';

/** Texts are wrapped, so that a row fits a wide terminal; addresses are not, so that they can be copied. */
const COLUMNS = [null, null, 50];

export interface Scanned {
  /** Version of checkov. */
  readonly version: string;
  readonly checks: number;
  readonly resources: number;
}

/** The judgement for a person: what is accepted, and what is to be done about the rest. */
export function renderJudgement({ accepted, fresh, stale }: Judgement, scanned: Scanned, coloured: boolean): string {
  const pc = createColors(coloured);
  const acceptedRows = accepted.map(({ finding, reason }) => [finding.check, finding.resource, reason]);
  const freshRows = fresh.map((finding) => [finding.check, finding.resource, finding.name]);
  const staleRows = stale.map(({ check, resource, reason }) => [check, String(resource), reason]);
  const counts =
    `checkov ${scanned.version}, ${pluralize(scanned.checks, 'check')} on ${pluralize(scanned.resources, 'resource')}: ` +
    `${pluralize(accepted.length, 'finding')} accepted, ${fresh.length} new, ${stale.length} accepted but found no more.`;
  const passed = fresh.length + stale.length === 0;
  return [
    ...titled(pc.bold('Accepted'), ['Check', 'Resource', 'Reason'], acceptedRows),
    ...titled(
      pc.red('New: fix them, or accept them with a reason in tools/scan/accepted.ts'),
      ['Check', 'Resource', 'Asked for'],
      freshRows,
    ),
    ...titled(
      pc.red('Accepted, but found no more: take them out of tools/scan/accepted.ts'),
      ['Check', 'Resource', 'Reason'],
      staleRows,
    ),
    passed ? pc.green(counts) : pc.red(counts),
    '',
  ].join('\n');
}

function titled(title: string, head: string[], rows: string[][]): string[] {
  if (rows.length === 0) return [];
  const table = new Table({ head, style: { head: [], border: [] }, colWidths: [...COLUMNS], wordWrap: true });
  table.push(...rows);
  return [title, table.toString(), ''];
}
