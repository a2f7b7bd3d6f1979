import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, EXIT, UsageError } from '../../src/cli/command-error';
import { pluralize } from '../../src/cli/pluralize';
import { program, runAsProcess } from '../../src/cli/program';
import { ROOT } from '../kit/documents';
import { runProgram } from '../kit/processes';
import { faultsOf } from './built-site';

const SITE = 'dist/site';
const VITEPRESS = 'tools/site/node_modules/vitepress/bin/vitepress.js';

interface Options {
  readonly base: string;
  readonly source?: string;
  readonly serve?: true;
}

export const site = program('npx projen site', {
  description: [
    `Build the site in ${SITE} from README.md, docs and the READMEs of the examples. Its search works in the browser alone.`,
    'Fails if a link or an anchor leads nowhere, or if a page loads something from another host. Needs no network. To install VitePress: npm ci --prefix tools/site --ignore-scripts',
  ],
  exitCodes: { success: 'built and checked', failed: 'links that lead nowhere', usageError: 'nothing was built' },
  examples: ['npx projen site', 'npx projen site -- --serve', 'npx projen site -- --base /cdktf-payment-pipeline/'],
})
  .option('--base <path>', 'path at which the site is published, with slashes at both ends', '/')
  .option('--source <url>', "address of the project's files; without it, links to files that are no pages become text")
  .option('--serve', 'serve the pages on this machine, and follow changes, instead of building')
  .work<Options>(async ({ base, source = '', serve = false }, { stdout, stderr }) => {
    if (!/^\/(.*\/)?$/.test(base)) throw new UsageError(`--base ${base} begins or ends without a slash.`);
    if (!existsSync(join(ROOT, VITEPRESS)))
      throw new CommandError('VitePress is not installed. Run npm ci --prefix tools/site --ignore-scripts.');
    const command = serve ? ['dev', 'tools/site', '--host', '127.0.0.1'] : ['build', 'tools/site'];
    const { code } = await runProgram(process.execPath, [VITEPRESS, ...command, '--base', base], {
      directory: ROOT,
      environment: { SITE_SOURCE: source },
      echo: stderr,
    });
    if (code !== 0) return EXIT.failed;
    if (serve) return EXIT.success;

    const faults = faultsOf(join(ROOT, SITE), base);
    for (const fault of faults) stdout.write(`${fault}\n`);
    stdout.write(`${SITE}: ${pluralize(faults.length, 'fault')}\n`);
    return faults.length === 0 ? EXIT.success : EXIT.failed;
  });

if (require.main === module) runAsProcess(site);
