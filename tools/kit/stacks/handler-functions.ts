import { type Call, CALLS, type Handler, HANDLERS } from '../../../src/contract/function-calls';
import type { Resource, StackGraph } from './stack-graph';

/** The function that runs a handler. */
export interface HandlerFunction extends Resource {
  readonly handler: Handler;
  /** The handler's AWS calls, but those that its environment leaves out. */
  readonly calls: readonly Call[];
  readonly function_name: string;
  readonly role: string;
  readonly environment: { readonly variables: Readonly<Record<string, string>> };
  readonly vpc_config: { readonly subnet_ids: readonly string[]; readonly security_group_ids: readonly string[] };
}

/** The functions of a stack; each runs one of the handlers. */
export function handlerFunctions(graph: StackGraph): HandlerFunction[] {
  return graph.all<HandlerFunction>('aws_lambda_function').map((lambda) => {
    const handler = HANDLERS.find((name) => lambda.function_name.includes(name));
    if (handler === undefined)
      throw new Error(`Which handler does ${lambda.address} run? Say it in src/contract/function-calls.ts.`);
    const { variables } = lambda.environment;
    return { ...lambda, handler, calls: CALLS[handler].filter(({ to }) => variables[to] !== undefined) };
  });
}
