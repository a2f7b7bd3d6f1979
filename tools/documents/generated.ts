/** The marks around a generated part of a page. */
export function marks(name: string): { readonly begin: string; readonly end: string } {
  return {
    begin: `<!-- Written by \`npx projen documents -- ${name}\`: edit nothing between these marks. -->`,
    end: `<!-- End of ${name}. -->`,
  };
}

/** The page with another text between the marks. @throws Error when the page has lost its marks */
export function withGenerated(page: string, name: string, text: string): string {
  const { begin, end } = marks(name);
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`The page lacks a line that is "${begin}", or one that is "${end}".`);
  return [before, begin, '\n', text, '\n', end, after].join('');
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}

export function code(text: string): string {
  return `\`${text}\``;
}
