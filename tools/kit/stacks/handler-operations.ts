import { buildSync } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Handler } from '../../../src/contract/function-calls';

const ROOT = join(__dirname, '../../..');

const ENTRIES: Readonly<Record<Handler, string>> = {
  'payment-processor': 'src/processor/handler.ts',
  'dlq-processor': 'src/dlq-processor/handler.ts',
};

/** The AWS operations whose commands a handler's modules import. */
export function importedOperations(handler: Handler): string[] {
  return [ENTRIES[handler], ...lazyModules(handler).map((module) => `src/runtime/${module}.ts`)].flatMap(operationsOf);
}

/** The modules that a handler loads only when it needs them: bundles of their own. */
function lazyModules(handler: Handler): string[] {
  const files = readdirSync(join(ROOT, 'assets', handler));
  return files.filter((file) => file.endsWith('.mjs') && file !== 'index.mjs').map((file) => basename(file, '.mjs'));
}

function operationsOf(entry: string): string[] {
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    packages: 'external',
    format: 'esm',
    write: false,
  });
  const imports = [...outputFiles[0]!.text.matchAll(/^import ([^;]+?) from "@aws-sdk\/([\w-]+)";$/gm)];
  return imports.flatMap(([line, names, module]) => {
    if (!/^\{[^*]*\}$/.test(names!))
      throw new Error(`Import AWS commands by their names, so that it is known what is called; not: ${line}`);
    const commands = [...names!.matchAll(/\b(?:paginate([A-Z]\w*)|(\w+)Command)\b/g)];
    return commands.map(
      ([, paginated, command]) => `${SERVICES[module!] ?? module}:${ofDocuments(module!, paginated ?? command!)}`,
    );
  });
}

/** The AWS operations whose commands a bundle holds; the SDK brings more than the handler sends. */
export function bundledOperations(handler: Handler): string[] {
  return ['index', ...lazyModules(handler)].flatMap((file) =>
    operationsIn(join(ROOT, 'assets', handler, `${file}.mjs`)),
  );
}

function operationsIn(file: string): string[] {
  const bundle = readFileSync(file, 'utf8');
  // var builder = make(..., "AmazonSQS", "SQSClient", ...);
  const builders = bundle.matchAll(/([\w$]+)=[\w$]+\([\w$]+,"\w+","(\w+)Client",/g);
  const services = new Map([...builders].map(([, builder, client]) => [builder, client!.toLowerCase()]));
  // class Command extends builder(..., "SendMessage", ...) {}
  const commands = bundle.matchAll(/ extends ([\w$]+)\([\w$]+,[\w$]+,"(\w+)",[\w$]+\)\{/g);
  return [...commands].flatMap(([, builder, operation]) =>
    services.has(builder) ? [`${services.get(builder)}:${operation}`] : [],
  );
}

/** The service of a client's package, as IAM calls it. */
const SERVICES: Readonly<Record<string, string>> = {
  'client-dynamodb': 'dynamodb',
  'lib-dynamodb': 'dynamodb',
  'client-secrets-manager': 'secretsmanager',
  'client-sns': 'sns',
  'client-sqs': 'sqs',
};

/** The document client leaves out the "Item" of single items. */
function ofDocuments(module: string, command: string): string {
  return module === 'lib-dynamodb' && /^(Get|Put|Update|Delete)$/.test(command) ? `${command}Item` : command;
}
