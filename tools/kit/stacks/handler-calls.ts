import { buildSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATUS_INDEX } from '../../../src/contract/payment-record';

const ROOT = join(__dirname, '../../..');

const ENTRIES = { 'payment-processor': 'src/processor/handler.ts', 'dlq-processor': 'src/dlq-processor/handler.ts' };

/** A handler, by the folder of its bundle. */
export type Handler = keyof typeof ENTRIES;

export const HANDLERS = Object.keys(ENTRIES) as Handler[];

/** An AWS call of a handler, and what it is sent to. */
export interface Call {
  /** The operation's name, such as `sqs:SendMessageBatch`. */
  readonly operation: string;
  /** The variable of the handler's environment that names the resource. */
  readonly to: string;
  readonly index?: string;
}

/** Every AWS call of the handlers. */
export const CALLS: Readonly<Record<Handler, readonly Call[]>> = {
  'payment-processor': [
    { operation: 'dynamodb:PutItem', to: 'PAYMENT_TABLE_NAME' },
    { operation: 'dynamodb:GetItem', to: 'PAYMENT_TABLE_NAME' },
    { operation: 'dynamodb:UpdateItem', to: 'PAYMENT_TABLE_NAME' },
    { operation: 'sqs:SendMessage', to: 'PAYMENT_DLQ_URL' },
    { operation: 'sqs:ChangeMessageVisibilityBatch', to: 'PAYMENT_QUEUE_URL' },
    { operation: 'secretsmanager:GetSecretValue', to: 'FRAUD_API_KEY_SECRET_ARN' },
  ],
  'dlq-processor': [
    { operation: 'dynamodb:Query', to: 'PAYMENT_TABLE_NAME', index: STATUS_INDEX },
    { operation: 'dynamodb:GetItem', to: 'PAYMENT_TABLE_NAME' },
    { operation: 'dynamodb:UpdateItem', to: 'PAYMENT_TABLE_NAME' },
    { operation: 'sqs:GetQueueAttributes', to: 'PAYMENT_DLQ_URL' },
    { operation: 'sqs:ReceiveMessage', to: 'PAYMENT_DLQ_URL' },
    { operation: 'sqs:DeleteMessage', to: 'PAYMENT_DLQ_URL' },
    { operation: 'sqs:ChangeMessageVisibilityBatch', to: 'PAYMENT_DLQ_URL' },
    { operation: 'sqs:SendMessage', to: 'PAYMENT_QUEUE_URL' },
    { operation: 'sns:Publish', to: 'ALERT_TOPIC_ARN' },
  ],
};

/** The IAM action that allows an operation: SQS has none for its batches. */
export function actionOf({ operation }: Pick<Call, 'operation'>): string {
  return operation.replace(/^(sqs:\w+)Batch$/, '$1');
}

/** The AWS operations whose commands a handler's modules import. */
export function importedOperations(handler: Handler): string[] {
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [ENTRIES[handler]],
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
  const bundle = readFileSync(join(ROOT, 'assets', handler, 'index.mjs'), 'utf8');
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
