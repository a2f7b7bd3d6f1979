import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');

/** A block of code; in a list it is indented. */
const FENCED = /^( *)```(\w*)\n(.*?)^ *```$/gms;

/** A page for people. */
export interface Document {
  /** Path relative to the project's root. */
  readonly file: string;
  /** The text without code. */
  readonly prose: string;
  readonly headings: readonly string[];
  /** Each text in backticks. */
  readonly quoted: readonly string[];
  /** Each block of shell commands. */
  readonly shell: readonly string[];
}

/** Every page of the project. */
export function documents(): Document[] {
  const pages = ['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return [...readdirSync(ROOT), ...pages].filter((file) => file.endsWith('.md')).map(read);
}

function read(file: string): Document {
  const text = pageText(file);
  const outside = text.replace(FENCED, '');
  return {
    file,
    prose: outside.replace(/`[^`\n]*`/g, '``'),
    headings: [...outside.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!),
    quoted: [...outside.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!),
    shell: codeBlocks(text, 'sh').map((code) => code.replaceAll('\\\n', '')),
  };
}

/** The text of a page. @param file from the project's root */
export function pageText(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** The files that the page has its reader save: each block after a paragraph such as "Save this as `main.ts`:". */
export function savedFiles(page: string): Readonly<Record<string, string>> {
  const saved = [...page.matchAll(/\bSave [^`]*as `([^`]+)`(?:[^\n]|\n(?!\n))*\n\n```\w+\n(.*?)^```$/gms)];
  return Object.fromEntries(saved.map(([, file, text]) => [file!, text!]));
}

/** The blocks of one language, in the page's order, without the indentation of a list. */
export function codeBlocks(page: string, language: string): string[] {
  return [...page.matchAll(FENCED)]
    .filter(([, , ofBlock]) => ofBlock === language)
    .map(([, indent, , code]) => code!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
}
