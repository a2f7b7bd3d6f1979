import { join } from 'node:path';
import { EXIT } from '../../src/cli/command-error';
import { program, runAsProcess } from '../../src/cli/program';
import { bundle } from './bundle';

export const bundling = program('npx projen bundle', {
  description: 'Bundle the Lambda handlers into assets/. Each is one file, with its source map beside it.',
  exitCodes: { success: 'bundled', usageError: 'nothing was bundled' },
  examples: ['npx projen bundle'],
}).work(async (_options, { stdout }) => {
  for (const line of await bundle(join(__dirname, '../..'))) stdout.write(`${line}\n`);
  return EXIT.success;
});

if (require.main === module) runAsProcess(bundling);
