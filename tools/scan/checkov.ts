import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MissingProgramError, runProgram } from '../kit/program';
import { parseReport, ScanReportError, type ScanReport } from './findings';
import type { ScannedStack } from './scanned-stack';

const ROOT = join(__dirname, '../..');
const INSTALLED = join(ROOT, '.venv', 'bin', 'checkov');

/**
 * JSON, as cdktf's HCL has expressions that checkov cannot parse. No download of guidelines, so that it needs no
 * network. Findings are no failure of checkov: what is left of its exit code is whether it crashed.
 */
const OPTIONS = [
  '--framework',
  'terraform_json',
  '--skip-download',
  '--quiet',
  '--compact',
  '--soft-fail',
  '--output',
  'json',
];

export class CheckovMissingError extends MissingProgramError {
  override readonly name = 'CheckovMissingError';

  constructor(binary: string) {
    super(
      `checkov cannot be run as "${binary}". Install it with\n` +
        '  python3 -m venv .venv && .venv/bin/pip install -r tools/scan/requirements.txt\n' +
        'or set CHECKOV_BINARY to where it is.',
    );
  }
}

/** Before anything is synthesized for it. @throws CheckovMissingError */
export function findCheckov(): string {
  const given = process.env.CHECKOV_BINARY;
  if (given === undefined && !existsSync(INSTALLED)) throw new CheckovMissingError('.venv/bin/checkov');
  return given ?? INSTALLED;
}

/**
 * Scans the Terraform JSON of a directory. Checkov runs there, as it takes settings from where it runs.
 * @throws CheckovMissingError, ScanReportError
 */
export async function scan(checkov: string, directory: string, stack: ScannedStack): Promise<ScanReport> {
  const run = runProgram(checkov, ['--directory', directory, ...OPTIONS], { directory });
  const { code, stdout, stderr } = await run.catch((error: unknown) => {
    throw error instanceof MissingProgramError ? new CheckovMissingError(checkov) : error;
  });
  if (code !== 0) throw new ScanReportError(`checkov failed with exit code ${code}:\n${stderr}`);
  return parseReport(stdout, (line) => stack.addressAt(line));
}
