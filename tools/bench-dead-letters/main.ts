import { EXIT } from '../../src/cli/command-error';
import { program, runAsProcess } from '../../src/cli/program';
import { isColoured } from '../../src/cli/terminal';
import { DLQ_PROCESSOR_TIMEOUT } from '../../src/infrastructure/functions/dlq-processor';
import { DlqBench } from '../kit/bundles/dlq-bench';
import { ACCOUNTS, DEAD_LETTERS, FAILED, measure, MEMORY_MB, PER_CALL, render } from './measurement';

const deadLetters = program('npx projen bench:dead-letters', {
  description: [
    `Measure the DLQ processor's bundle on embedded services. It analyzes ${FAILED} failed payments, and redrives ${DEAD_LETTERS} dead letters of ${ACCOUNTS} accounts, ${PER_CALL} a call.`,
    `The function's ${DLQ_PROCESSOR_TIMEOUT} seconds and ${MEMORY_MB} MB have to be enough for either, and each payment has to be sent once.`,
  ],
  exitCodes: { success: 'every limit is held', failed: 'one is missed', usageError: 'nothing was measured' },
  examples: ['npx projen bench:dead-letters'],
}).work(async (_options, terminal) => {
  const bench = await DlqBench.start();
  try {
    const rows = await measure(bench, terminal);
    terminal.stdout.write(`${render(rows, isColoured(terminal.stdout))}\n`);
    return rows.every(({ holds }) => holds) ? EXIT.success : EXIT.failed;
  } finally {
    await bench.close();
  }
});

if (require.main === module) runAsProcess(deadLetters);
