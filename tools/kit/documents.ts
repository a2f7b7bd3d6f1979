import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');

const FENCED = /^```(\w*)\n(.*?)^```/gms;

/** A page for people. */
export interface Document {
  /** From the project's root. */
  readonly file: string;
  /** Without what is code. */
  readonly prose: string;
  readonly headings: readonly string[];
  /** Each text in backticks. */
  readonly quoted: readonly string[];
  /** Each block of shell commands. */
  readonly shell: readonly string[];
}

/** Every page of the project, whoever adds one. */
export function documents(): Document[] {
  const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) =>
    join('docs', name),
  );
  return [...readdirSync(ROOT), ...pages].filter((file) => file.endsWith('.md')).map(read);
}

function read(file: string): Document {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const outside = text.replace(FENCED, '');
  return {
    file,
    prose: outside.replace(/`[^`\n]*`/g, '``'),
    headings: [...outside.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!),
    quoted: [...outside.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!),
    shell: [...text.matchAll(FENCED)]
      .filter(([, language]) => language === 'sh')
      .map(([, , code]) => code!.replaceAll('\\\n', '')),
  };
}
