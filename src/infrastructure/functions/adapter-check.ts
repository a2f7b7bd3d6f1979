import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { exportFault, loadFault } from '../../contract/fraud-api-adapter';

/** As a data URL, a module has no place from which it could import another file. */
const DATA_URL = 'data:text/javascript;base64,';

/** Writes the class of each export on the last line, or why the module can't be loaded. Node's --eval alone has a global named module. */
const LOAD = `
delete globalThis.module;
let loaded;
try {
  const exports = await import('${DATA_URL}' + (await import('node:fs')).readFileSync(0, 'base64'));
  loaded = { classes: Object.entries(exports).map(([name, value]) => [name, value?.constructor?.name]) };
} catch (error) {
  loaded = { error: String(error).slice(0, 1e6) };
}
process.stdout.write('\\n' + JSON.stringify(loaded), () => process.exit());
`;

type Loaded =
  { readonly classes: readonly (readonly [name: string, className: string | null])[] } | { readonly error: string };

/** Longer than any module takes that only exports functions. */
const TIMEOUT_MS = 10_000;

/** Why a file is no adapter; undefined when it is one. Loads it in a process of its own: the constructor of a pipeline can't wait for a module. */
export function adapterFault(file: string): string | undefined {
  let source: Buffer;
  try {
    source = readFileSync(file);
  } catch (error) {
    return `the file can't be read (${(error as NodeJS.ErrnoException).code})`;
  }
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', LOAD], {
    input: source,
    env: {},
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lastLine = stdout.slice(stdout.lastIndexOf('\n') + 1);
  if (!lastLine.startsWith('{'))
    return `loading the file didn't end within ${TIMEOUT_MS / 1_000} s, or ended the process`;
  const loaded = JSON.parse(lastLine) as Loaded;
  if ('error' in loaded) return `the file can't be loaded by itself (${loadFault(withoutSource(loaded.error))})`;
  const classes = new Map(loaded.classes);
  const fault = exportFault((name) => classes.get(name) ?? undefined);
  return fault && `the file ${fault}`;
}

/** Node names the importing module by its URL. */
function withoutSource(message: string): string {
  return message.replaceAll(new RegExp(`${DATA_URL}[\\w+/=]*`, 'g'), 'the file').replaceAll('\n', ' ');
}
