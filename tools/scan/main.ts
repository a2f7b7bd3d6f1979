import { parseArgs } from 'node:util';
import { ACCEPTED, type AcceptedFinding } from './accepted';
import { findCheckov, scan } from './checkov';
import { judge } from './judgement';
import { synthesizeProduction } from './production-stack';
import { ScannedStack } from './scanned-stack';
import { renderJudgement } from './view';
import { EXIT, isColoured, runAsProcess, type Command } from '../../src/cli/command';
import { withProgress } from '../../src/cli/progress';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';

const HELP = `Scans the stack, as the production profile makes it, with checkov's policies. Every finding fails that is not in
tools/scan/accepted.ts, and so does every entry there that is found no more.

Usage: npx projen scan

Examples:
  python3 -m venv .venv && .venv/bin/pip install -r tools/scan/requirements.txt
  npx projen bundle && npx projen scan
  CHECKOV_BINARY=/usr/local/bin/checkov npx projen scan

Environment:
  CHECKOV_BINARY   checkov, when it is not .venv/bin/checkov

Needs no network and no AWS account.

Exit codes: 0 as accepted, 1 new or vanished findings, 2 nothing was judged. Behind npx projen every failure is 1.
`;

/** @param synthesize writes the stack somewhere below a directory, and returns where */
export function scanCommand(accepted: readonly AcceptedFinding[], synthesize: (outdir: string) => string): Command {
  return {
    help: HELP,
    run: async (args, { stdout, stderr }) => {
      parseArgs({ args, options: {} });
      const checkov = findCheckov();
      return inTemporaryDirectory(async (outdir) => {
        const directory = synthesize(outdir);
        const stack = ScannedStack.read(directory);
        refuseUnreadPolicies(stack);
        const report = await withProgress('checkov', stderr, scan(checkov, directory, stack));

        const judgement = judge(report.findings, accepted);
        stdout.write(renderJudgement(judgement, { ...report, resources: stack.resources }, isColoured(stdout)));
        return judgement.fresh.length + judgement.stale.length === 0 ? EXIT.success : EXIT.failed;
      });
    },
  };
}

/** A policy that was not looked into must not count as one without findings. */
function refuseUnreadPolicies(stack: ScannedStack): void {
  const unread = stack.unreadPolicies();
  if (unread.length > 0)
    throw new Error(
      `checkov does not read the policies in ${unread.join(', ')}: make each an aws_iam_policy_document.`,
    );
}

if (require.main === module) runAsProcess(scanCommand(ACCEPTED, synthesizeProduction));
