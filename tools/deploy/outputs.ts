import Table from 'cli-table3';
import * as v from 'valibot';
import { escaped } from '../../src/cli/escaped-text';
import { terraformBinary } from '../terraform/terraform';

const answer = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.object({ sensitive: v.boolean(), value: v.unknown() })));

const NO_LINES_BETWEEN = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** Terraform's outputs, and how to see those that are sensitive. Nothing, if there are none. */
export function renderOutputs(json: string, stackDirectory: string): string {
  const outputs = Object.entries(v.parse(answer, json)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (outputs.length === 0) return '';
  const table = new Table({ head: ['Output', 'Value'], style: { head: [], border: [] }, chars: NO_LINES_BETWEEN });
  table.push(...outputs.map(([name, { sensitive, value }]) => [name, sensitive ? '(sensitive)' : escaped(asText(value))]));
  return [table.toString(), ...howToSee(outputs.find(([, { sensitive }]) => sensitive)?.[0], stackDirectory), ''].join('\n');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function howToSee(sensitive: string | undefined, stackDirectory: string): string[] {
  return sensitive === undefined ? [] : [`A sensitive one is shown by: ${terraformBinary()} -chdir=${stackDirectory} output -raw ${sensitive}`];
}
