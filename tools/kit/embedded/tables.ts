import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { create, type Store, type TableAnswer, type TableRequest } from 'dynalite/db';
import { checkTypes, checkValidations, toLowerFirst } from 'dynalite/validations';
import type { EmbeddedCloudWatch } from '../cloudwatch/embedded-cloudwatch';
import { bodyOf, LoopbackServer } from '../loopback-server';

/** The error of an on-demand table beyond what it scales to: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const THROTTLED = 'com.amazonaws.dynamodb.v20120810#ThrottlingException';
const REFUSED_WRITE = '#ConditionalCheckFailedException';

/** Operations that consume capacity, and the metric of it. */
const CONSUMES: Readonly<Record<string, 'ConsumedReadCapacityUnits' | 'ConsumedWriteCapacityUnits'>> = {
  GetItem: 'ConsumedReadCapacityUnits',
  BatchGetItem: 'ConsumedReadCapacityUnits',
  Query: 'ConsumedReadCapacityUnits',
  Scan: 'ConsumedReadCapacityUnits',
  PutItem: 'ConsumedWriteCapacityUnits',
  UpdateItem: 'ConsumedWriteCapacityUnits',
  DeleteItem: 'ConsumedWriteCapacityUnits',
  BatchWriteItem: 'ConsumedWriteCapacityUnits',
};

/**
 * Units of a write whose condition is false, for an item of up to 1 KiB, as "DynamoDB still consumes write capacity units":
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
const REFUSED_WRITE_UNITS = 1;

/** What dynalite has of an operation, in two modules. */
interface Operation {
  readonly types: object;
  readonly custom: unknown;
  readonly act: (
    store: Store,
    request: TableRequest,
    callback: (error: Error | null, answer: TableAnswer) => void,
  ) => void;
}

/** An answer that is an error of DynamoDB, as a property of what dynalite throws. */
interface TableError {
  readonly statusCode: number;
  readonly body: { readonly __type: string };
}

export interface EmbeddedTablesOptions {
  /** Its requests are in no metric, and never throttled. */
  readonly observerKeyId: string;
  /** Gets the capacity that requests consume, as AWS/DynamoDB has it; that of indexes is apart there. */
  readonly cloudWatch?: EmbeddedCloudWatch | undefined;
}

/**
 * dynalite's tables, in memory. Its own server would parse each request and answer twice to measure them, and ends the process when
 * a client is gone too early.
 */
export class EmbeddedTables extends LoopbackServer {
  /** Refuses every call, as DynamoDB does at the end of its capacity. */
  isThrottled = false;
  private readonly store = create({ createTableMs: 0 });

  constructor(private readonly options: EmbeddedTablesOptions) {
    super();
  }

  /** Cuts every open connection, in use or not. @returns how many there were */
  dropConnections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.getConnections((error, open) => {
        this.server.closeAllConnections();
        if (error === null) resolve(open);
        else reject(error);
      });
    });
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const operation = String(request.headers['x-amz-target']).split('.')[1]!;
    const isObserver = request.headers.authorization?.includes(`Credential=${this.options.observerKeyId}/`) === true;
    const { status, answer } =
      this.isThrottled && !isObserver
        ? { status: 400, answer: { __type: THROTTLED, message: 'The drill throttles the table.' } }
        : await this.answer(operation, JSON.parse(body) as TableRequest, !isObserver);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
  }

  private async answer(operation: string, input: TableRequest, isMetered: boolean) {
    const { TableName = '', ReturnConsumedCapacity = 'NONE' } = input;
    try {
      const { ConsumedCapacity, ...answer } = await this.run(operation, input);
      if (isMetered)
        for (const { TableName, Table } of [ConsumedCapacity ?? []].flat())
          this.putUnits(operation, TableName, Table.CapacityUnits);
      return { status: 200, answer: ReturnConsumedCapacity === 'NONE' ? answer : { ...answer, ConsumedCapacity } };
    } catch (error) {
      const { statusCode, body } = error as Partial<TableError>;
      if (statusCode === undefined || body === undefined) throw error;
      if (isMetered && body.__type.endsWith(REFUSED_WRITE)) this.putUnits(operation, TableName, REFUSED_WRITE_UNITS);
      return { status: statusCode, answer: body };
    }
  }

  /** Asks for the capacity on the request's behalf. */
  private async run(operation: string, input: TableRequest): Promise<TableAnswer> {
    const { types, custom, act } = await loadOperation(toLowerFirst(operation));
    const request = checkTypes(input, types);
    checkValidations(request, types, custom, this.store);
    if (CONSUMES[operation] !== undefined) request.ReturnConsumedCapacity = 'INDEXES';
    return promisify(act)(this.store, request);
  }

  private putUnits(operation: string, TableName: string, units: number): void {
    const metric = { namespace: 'AWS/DynamoDB', metricName: CONSUMES[operation]!, dimensions: { TableName } };
    if (units > 0) this.options.cloudWatch?.put(metric, units);
  }
}

const UNKNOWN_OPERATION: TableError = {
  statusCode: 400,
  body: { __type: 'com.amazon.coral.service#UnknownOperationException' },
};
const operations = new Map<string, Promise<Operation>>();

function loadOperation(name: string): Promise<Operation> {
  let operation = operations.get(name);
  if (operation === undefined) operations.set(name, (operation = importOperation(name)));
  return operation;
}

async function importOperation(name: string): Promise<Operation> {
  const modules = Promise.all([
    import(`dynalite/validations/${name}.js`) as Promise<{ default: Omit<Operation, 'act'> }>,
    import(`dynalite/actions/${name}.js`) as Promise<{ default: Operation['act'] }>,
  ]);
  const [validation, action] = await modules.catch((cause: unknown) => {
    throw Object.assign(new Error(`dynalite has no operation ${name}.`, { cause }), UNKNOWN_OPERATION);
  });
  return { ...validation.default, act: action.default };
}
