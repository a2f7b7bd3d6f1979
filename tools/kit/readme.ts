import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');

const [app = '', ...more] = blocks('ts');

/** The page's program, whole. */
export const README_APP = app;

/** The packages that it says are to be installed, names with versions. */
export const README_PACKAGES: readonly string[] = blocks('sh')
  .flatMap((block) => /^npm install (cdktf-payment-pipeline [^]*)$/.exec(block)?.[1] ?? [])
  .flatMap((packages) => packages.split(/[\s\\]+/).filter((name) => name !== ''));

/** The program with the page's other examples before it is synthesized, as a reader would write them. @param given what they take for granted */
export function readmeProgram(given: string): string {
  return app.replace('app.synth();', [given, ...more, 'app.synth();'].join('\n'));
}

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text);
}
