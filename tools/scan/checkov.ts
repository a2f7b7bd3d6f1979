import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MissingProgramError, runProgram } from '../kit/processes';
import { parseReport, type ScanReport } from './findings';
import { ScannedStack } from './scanned-stack';
import { CommandError } from '../../src/cli/command-error';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { readStack, writeStack } from '../terraform/stack-file';

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

function missingCheckov(binary: string): CommandError {
  return new CommandError(
    `checkov cannot be run as "${binary}". Install it with\n` +
      '  python3 -m venv .venv && .venv/bin/pip install -r tools/scan/requirements.txt\n' +
      'or set CHECKOV_BINARY to where it is.',
  );
}

/** Called before anything is synthesized for it. @throws CommandError */
export function findCheckov(): string {
  const given = process.env.CHECKOV_BINARY;
  if (given === undefined && !existsSync(INSTALLED)) throw missingCheckov('.venv/bin/checkov');
  return given ?? INSTALLED;
}

/**
 * Scans the Terraform JSON of a directory. Checkov runs there, as it takes settings from where it runs.
 * @throws CommandError
 */
export async function scan(checkov: string, directory: string, stack: ScannedStack): Promise<ScanReport> {
  refuseUnreadPolicies(stack);
  const run = runProgram(checkov, ['--directory', directory, ...OPTIONS], { directory });
  const { code, stdout, stderr } = await run.catch((error: unknown) => {
    throw error instanceof MissingProgramError ? missingCheckov(checkov) : error;
  });
  if (code !== 0) throw new CommandError(`checkov failed with exit code ${code}:\n${stderr}`);
  return parseReport(stdout, (line) => stack.addressAt(line));
}

/** They must not count as policies without findings. */
function refuseUnreadPolicies(stack: ScannedStack): void {
  const unread = stack.unreadPolicies();
  if (unread.length > 0)
    throw new CommandError(
      `checkov does not read the policies in ${unread.join(', ')}: make each an aws_iam_policy_document.`,
    );
}

/**
 * Scans a stack as `npx projen synth` wrote it, and no file beside it: checkov would take settings from there. Its reader of JSON fails on
 * `required_version`, so it doesn't see the block `terraform`.
 * @throws CommandError
 */
export async function scanSynthesized(directory: string): Promise<ScanReport> {
  const { terraform: _terraform, ...stack } = readStack(directory);
  return inTemporaryDirectory(async (copy) => {
    writeStack(copy, stack);
    return scan(findCheckov(), copy, ScannedStack.read(copy));
  });
}
