import { createColors } from 'picocolors';
import * as v from 'valibot';
import { escaped } from '../../src/cli/escaped-text';
import { pluralize } from '../../src/cli/pluralize';
import { CommandError } from '../../src/cli/command-error';

const INDENT = ' '.repeat(9);

const report = v.object({
  diagnostics: v.array(
    v.object({
      severity: v.picklist(['error', 'warning']),
      summary: v.string(),
      detail: v.optional(v.string(), ''),
      address: v.optional(v.string()),
      snippet: v.nullish(v.object({ context: v.nullish(v.string()), code: v.string() })),
    }),
  ),
});

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Address of the resource, data source or block; empty for some faults. */
  readonly address: string;
  readonly summary: string;
  readonly detail: string;
  /** The line of the configuration. */
  readonly code: string;
}

/**
 * @param json what `terraform validate -json` printed
 * @throws CommandError
 */
export function parseDiagnostics(json: string): Diagnostic[] {
  return read(json).diagnostics.map(({ severity, summary, detail, address, snippet }) => ({
    severity,
    address: address ?? snippet?.context?.replace(/^resource\./, '') ?? 'the stack',
    summary,
    detail,
    code: snippet?.code.split('\n', 1)[0]?.trim() ?? '',
  }));
}

/** Writes the diagnostics for a person: errors first, and a summary at the end. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], coloured: boolean): string {
  const pc = createColors(coloured);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
  if (diagnostics.length === 0) return `${pc.green('The stack is valid: no errors, no warnings.')}\n`;
  return [
    ...errors.map((diagnostic) => renderDiagnostic(diagnostic, pc.red('error  '))),
    ...warnings.map((diagnostic) => renderDiagnostic(diagnostic, pc.yellow('warning'))),
    pc.red(
      `${pluralize(errors.length, 'error')}, ${pluralize(warnings.length, 'warning')}. Warnings fail, too: what is deprecated now is gone in a later provider.`,
    ),
    '',
  ].join('\n');
}

function renderDiagnostic({ address, summary, detail, code }: Diagnostic, label: string): string {
  const lines = [summary, ...detail.split('\n'), code].filter((line) => line.trim() !== '');
  return [`${label}  ${escaped(address)}`, ...lines.map((line) => `${INDENT}${escaped(line)}`), ''].join('\n');
}

function read(json: string): v.InferOutput<typeof report> {
  try {
    return v.parse(report, JSON.parse(json));
  } catch {
    throw new CommandError(`Terraform's answer is no list of diagnostics:\n${json}`);
  }
}
