import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { EmbeddedCloudWatch } from '../cloudwatch/embedded-cloudwatch';
import { bodyOf } from '../loopback-server';

interface TableRequest {
  readonly TableName?: string;
}

interface Capacity {
  readonly TableName: string;
  readonly Table: { readonly CapacityUnits: number };
}

interface TableAnswer {
  readonly __type?: string;
  readonly ConsumedCapacity?: Capacity | readonly Capacity[];
}

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

/** Measures the capacity that requests to the emulator's tables consume, as AWS/DynamoDB does; that of indexes is apart there. */
export function meterTables(server: Server, cloudWatch: EmbeddedCloudWatch): void {
  const [handle] = server.listeners('request') as [RequestListener];
  server.off('request', handle).on('request', (request: IncomingMessage, response: ServerResponse) => {
    const metricName = CONSUMES[String(request.headers['x-amz-target']).split('.')[1]!];
    if (metricName === undefined) handle(request, response);
    else void measure(request, response, handle, putUnits);

    function putUnits(TableName: string, units: number): void {
      const metric = { namespace: 'AWS/DynamoDB', metricName: metricName!, dimensions: { TableName } };
      if (units > 0) cloudWatch.put(metric, units);
    }
  });
}

/** Asks for the capacity on the request's behalf: an answer that has more than the client asked for does no harm. */
async function measure(
  request: IncomingMessage,
  response: ServerResponse,
  handle: RequestListener,
  putUnits: (table: string, units: number) => void,
): Promise<void> {
  const body = await bodyOf(request).catch(() => undefined);
  if (body === undefined) return; // the client is gone
  const asked = JSON.parse(body) as TableRequest;
  const end = response.end.bind(response) as (text: string) => ServerResponse;
  response.end = ((text: string) => {
    const { ConsumedCapacity, __type } = JSON.parse(text) as TableAnswer;
    for (const { TableName, Table } of [ConsumedCapacity ?? []].flat()) putUnits(TableName, Table.CapacityUnits);
    if (__type?.endsWith('#ConditionalCheckFailedException') === true) putUnits(asked.TableName!, REFUSED_WRITE_UNITS);
    return end(text);
  }) as typeof response.end;
  const asking = Readable.from([JSON.stringify({ ...asked, ReturnConsumedCapacity: 'INDEXES' })]);
  const { method, url, headers } = request;
  handle(Object.assign(asking, { method, url, headers }) as unknown as IncomingMessage, response);
}
