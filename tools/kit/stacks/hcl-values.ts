/** `path.to.argument = text`, one line for each value of a block, sorted, so that the order in the configuration makes no difference. */
export type Values = readonly string[];

/** The values of a block of Terraform JSON. */
export function valuesOfJson(block: unknown, path = ''): Values {
  if (Array.isArray(block)) return block.flatMap((item) => valuesOfJson(item, path)).sort();
  if (typeof block !== 'object' || block === null) return [said(path, String(block))];
  const own = Object.entries(block).filter(([name]) => name !== '//');
  return own.flatMap(([name, value]) => valuesOfJson(value, join(path, name))).sort();
}

/** The values of a block of cdktf's HCL, which has one value, or one bracket, on each line. */
export function valuesOfHcl(text: string): Values {
  const lines = text.trim().split('\n').slice(1, -1);
  const path: string[] = [];
  const values: string[] = [];
  for (const line of lines.map((line) => line.trim().replace(/,$/, '')).filter(Boolean)) {
    const [, name, opened] = /^(?:"?([\w:.-]+)"? ?=? ?)?([{[])$/.exec(line) ?? [];
    const [, assigned, value] = /^"?([\w:.-]+)"? = ([^]*)$/.exec(line) ?? [];
    if (opened !== undefined) path.push(name ?? '');
    else if (line === '}' || line === ']') path.pop();
    else values.push(said(join(...path, assigned ?? ''), unquoted(value ?? line)));
  }
  return values.sort();
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1) : value;
}

/** cdktf escapes quotes in HCL where JSON has none, and the other way round. */
function said(path: string, value: string): string {
  return `${path} = ${value.replaceAll('\\', '')}`;
}

function join(...names: string[]): string {
  return names.filter((name) => name !== '').join('.');
}
