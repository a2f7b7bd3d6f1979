import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeBlocks, documents, pageText, ROOT, savedFiles } from '../../tools/kit/documents';
import { newDirectory } from '../../tools/kit/new-directory';
import { customizedFiles } from '../../tools/kit/own-stack';
import { runProgram } from '../../tools/kit/processes';

/** The TypeScript of a page: the files that its reader saves, and the other blocks as one program. */
function programsOf(file: string): Readonly<Record<string, string>> {
  if (file === 'docs/tutorials/your-own-stack.md') return customizedFiles();
  const page = pageText(file);
  const saved = savedFiles(page);
  const blocks = codeBlocks(page, 'ts').filter((code) => !Object.values(saved).includes(code));
  const program = blocks.join('\n');
  return { ...saved, 'page.ts': program.includes('(this,') ? insideConstruct(program) : program };
}

/** A page may show what stands in a construct, where `this` is the scope. */
function insideConstruct(program: string): string {
  const imports = program.match(/^import .*;$/gm) ?? [];
  const body = program.replace(/^import .*;$/gm, '');
  return `${imports.join('\n')}\nimport type { Construct } from 'constructs';\nexport function add(this: Construct) {${body}}\n`;
}

const pages = documents().filter(({ file }) => codeBlocks(pageText(file), 'ts').length > 0);

test('the TypeScript of every page compiles', async () => {
  const directory = newDirectory();
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  for (const { file } of pages) {
    for (const [name, code] of Object.entries(programsOf(file)).filter(([name]) => name.endsWith('.ts'))) {
      const path = join(directory, file, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, code);
    }
  }
  const entry = (name: string) => [join(ROOT, 'src', name)];
  const compilerOptions = {
    target: 'es2024',
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
    paths: {
      'cdktf-payment-pipeline': entry('index.ts'),
      'cdktf-payment-pipeline/*': entry('*/index.ts'),
    },
  };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['**/*.ts'] }));

  const { code, stdout } = await runProgram(join(ROOT, 'node_modules/.bin/tsgo'), ['-p', '.'], { directory });

  expect(stdout).toBe('');
  expect(code).toBe(0);
  expect(pages.map(({ file }) => file)).toEqual(expect.arrayContaining(['README.md', 'docs/how-to/send-payments.md']));
});

test.each(pages.flatMap(({ file }) => codeBlocks(pageText(file), 'json').map((json) => [file, json])))(
  '%s: JSON that can be parsed',
  (_file, json) => {
    const lines = /^\{.*\}\n\{/.test(json!) ? json!.trim().split('\n') : [json!];
    expect(() => lines.map((line) => JSON.parse(line) as unknown)).not.toThrow();
  },
);
