import { EXIT } from '../../src/cli/command-error';
import { program, type Program, runAsProcess } from '../../src/cli/program';
import { withProgress } from '../../src/cli/progress';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { isColoured } from '../../src/cli/terminal';
import { ACCEPTED, type AcceptedFinding } from './accepted';
import { findCheckov, scan } from './checkov';
import { judge } from './judgement';
import { synthesizeProduction } from './production-stack';
import { ScannedStack } from './scanned-stack';
import { renderJudgement } from './view';

/** @param synthesize writes the stack somewhere below a directory, and returns where */
export function scanCommand(accepted: readonly AcceptedFinding[], synthesize: (outdir: string) => string): Program {
  return program('npx projen scan', {
    description: [
      "Scan pipelines of the production profile with checkov's policies. A finding that is not in tools/scan/accepted.ts fails, and so does an entry there that is not found any more.",
      'Needs no network and no AWS account. To install checkov: python3 -m venv .venv, and .venv/bin/pip install -r tools/scan/requirements.txt',
    ],
    lists: { Environment: { CHECKOV_BINARY: 'checkov, when it is not .venv/bin/checkov' } },
    exitCodes: { success: 'as accepted', failed: 'new or vanished findings', usageError: 'nothing was judged' },
    examples: ['npx projen bundle && npx projen scan', 'CHECKOV_BINARY=/usr/local/bin/checkov npx projen scan'],
  }).work((_options, { stdout, stderr }) => {
    const checkov = findCheckov();
    return inTemporaryDirectory(async (outdir) => {
      const directory = synthesize(outdir);
      const stack = ScannedStack.read(directory);
      const report = await withProgress('checkov', stderr, scan(checkov, directory, stack));

      const judgement = judge(report.findings, accepted);
      stdout.write(renderJudgement(judgement, { ...report, resources: stack.resources }, isColoured(stdout)));
      return judgement.fresh.length + judgement.stale.length === 0 ? EXIT.success : EXIT.failed;
    });
  });
}

if (require.main === module) runAsProcess(scanCommand(ACCEPTED, synthesizeProduction));
