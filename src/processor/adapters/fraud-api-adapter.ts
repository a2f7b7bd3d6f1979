import { isPromise } from 'node:util/types';
import { type FraudApiAdapter, fraudRequest, parseFraudAnswer, UnreadableAnswerError } from '../../contract';
import { exportFault, loadFault, readAdapterRequest } from '../../contract/fraud-api-adapter';
import { AdapterError, contractProtocol, type FraudApiProtocol } from './fraud-api-protocol';
import { textOf } from './http-answer';
import { LONGEST_BODY_BYTES } from './http-client';

/** The module is not there, or is no adapter: the function can't start. */
export class AdapterLoadError extends Error {
  override readonly name = 'AdapterLoadError';

  constructor(module: string, fault: string) {
    super(`FRAUD_API_ADAPTER is ${module}, which is no adapter: ${fault}.`);
  }
}

/**
 * The protocol of the API at a URL.
 * @param module the adapter's, if the API has a contract of its own
 * @throws AdapterLoadError
 */
export async function protocolOf(url: string, module: string | undefined): Promise<FraudApiProtocol> {
  return module === undefined ? contractProtocol(url) : adaptedProtocol(url, await loadAdapter(module));
}

/**
 * Loads an adapter.
 * @param module a path from the bundle, or a file URL
 * @throws AdapterLoadError
 */
export async function loadAdapter(module: string): Promise<FraudApiAdapter> {
  const exports = await load(module);
  const fault = exportFault((name) => (name in exports ? classOf(exports[name]) : undefined));
  if (fault !== undefined) throw new AdapterLoadError(module, `it ${fault}`);
  return exports as unknown as FraudApiAdapter;
}

async function load(module: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(module)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new AdapterLoadError(
      module,
      loadFault(error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
    );
  }
}

/** The contract of another API, translated by an adapter. */
export function adaptedProtocol(url: string, adapter: FraudApiAdapter): FraudApiProtocol {
  const { origin } = new URL(url);
  return {
    write: (payment) => {
      const json = resultOf('toRequest', () => adapter.toRequest(fraudRequest(payment)));
      const request = readAdapterRequest(JSON.parse(json));
      if (typeof request === 'string') throw new AdapterError(`toRequest: ${request}`);
      const { path, ...rest } = request;
      return { ...rest, url: path === undefined ? url : origin + path };
    },
    readsBody: () => true,
    read: (answer) => {
      const body = textOf(answer);
      const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
      const json = resultOf('toAnswer', () =>
        adapter.toAnswer(answer.status, Object.fromEntries(headers) as Record<string, string>, body),
      );
      if (json === '"transient"') return undefined;
      if (json === '"refused"') return { kind: 'refused', httpStatus: answer.status };
      return { kind: 'decided', answer: readDecision(json) };
    },
  };
}

function readDecision(json: string) {
  if (Buffer.byteLength(json) > LONGEST_BODY_BYTES) throw new AdapterError('toAnswer: it is longer than 64 KiB');
  try {
    return parseFraudAnswer(json);
  } catch (error) {
    if (error instanceof UnreadableAnswerError) throw new AdapterError(`toAnswer: ${error.fault}`);
    throw error;
  }
}

/**
 * The result of an adapter's function as JSON: what follows reads plain data, and runs no code of the adapter.
 * @throws AdapterError without the message of an error, which may quote the payment or the answer
 */
function resultOf(name: keyof FraudApiAdapter, work: () => unknown): string {
  try {
    const result = work();
    if (!isPromise(result)) return JSON.stringify([result]).slice(1, -1); // in a list, what JSON lacks becomes null
    result.catch(() => undefined); // it ends the process if nobody handles it
  } catch (error) {
    throw new AdapterError(`${name} threw ${classOf(error)}${placeOf(error)}`);
  }
  throw new AdapterError(`${name} returned a promise`);
}

/** The name of a value's class. It is in the code, so it holds no data. */
function classOf(value: unknown): string {
  const { constructor } = Object(value) as { readonly constructor?: { readonly name?: unknown } };
  return String(constructor?.name);
}

/** The line of the module, from the frames behind the message. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const [, line] = /\.mjs:(\d{1,6}):\d+\)?$/m.exec(String(error.stack).replace(error.message, '')) ?? [];
  return line === undefined ? '' : ` at line ${line}`;
}
