import { TextFile, javascript, type typescript } from 'projen';
import { PRETTIER_VERSION } from './packages';

const WIDTH = 120;
const FORMATTED = '**/*.{css,mjs,ts}';
const PRETTIER = ['prettier', '--cache', '--cache-strategy', 'content', '--log-level', 'warn'];

/** Fails, and names the files, when one is not as the formatter writes it. */
export const FORMAT_CHECK = [...PRETTIER, '--check', FORMATTED];

export function addFormat(project: typescript.TypeScriptProject): void {
  const prettier = new javascript.Prettier(project, {
    settings: { printWidth: WIDTH, singleQuote: true, trailingComma: javascript.TrailingComma.ALL },
    ignoreFileOptions: {
      ignorePatterns: ['lib/', 'assets/', 'cdktf.out/', 'dist/', '.venv/', '.e2e/', '.mutation/', '.nodes/', '.runs/'],
    },
  });
  for (const generated of ['eslint.config.mjs', 'src/contract/currency.ts']) prettier.addIgnorePattern(generated);
  project.addDevDeps(`prettier@${PRETTIER_VERSION}`);
  project.addTask('format', { description: 'Format every source file', execArgs: [...PRETTIER, '--write', FORMATTED] });
  new TextFile(project, '.editorconfig', {
    marker: true,
    lines: [
      '# Generated from projenrc/format.ts',
      'root = true',
      '',
      '[*]',
      'charset = utf-8',
      'end_of_line = lf',
      'indent_size = 2',
      'indent_style = space',
      'insert_final_newline = true',
      'trim_trailing_whitespace = true',
      `max_line_length = ${WIDTH}`,
      '',
      '[*.md]',
      'max_line_length = off',
    ],
  });
}
