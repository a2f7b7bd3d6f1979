import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type PaymentMessage, PaymentProducer, type SendResult } from 'cdktf-payment-pipeline/producer';

/** Bytes of a request's body. Bounds the memory of a request. */
const LONGEST_BODY = 1_000_000;

const { HOST = '127.0.0.1', PORT = '8080', PAYMENT_QUEUE_URL = '' } = process.env;

// One producer for the service: requests at the same time share SQS calls.
const producer = new PaymentProducer(new SQSClient({ maxAttempts: 1 }), PAYMENT_QUEUE_URL);

class RequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const server = createServer((request, response) => {
  const reply = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  sendPayments(request).then(
    (results) => {
      reply(202, { results: results.map(toAnswer) });
    },
    (error: unknown) => {
      if (error instanceof RequestError) {
        reply(error.status, { error: error.message });
        return;
      }
      process.stderr.write(`${String(error)}\n`);
      reply(500, { error: 'Internal error.' });
    },
  );
});

async function sendPayments(request: IncomingMessage): Promise<SendResult[]> {
  if (request.method !== 'POST' || request.url !== '/payments') throw new RequestError(404, 'Use POST /payments.');
  const payments = parse(await read(request));
  if (!Array.isArray(payments)) throw new RequestError(400, 'The body must be a JSON array of payments in UTF-8.');
  return producer.send(payments as PaymentMessage[]); // It validates each of them.
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // A body that is too long is read to its end, so that the client gets the answer.
    if (size <= LONGEST_BODY) chunks.push(chunk);
  }
  if (size > LONGEST_BODY) throw new RequestError(413, `The body must have at most ${LONGEST_BODY} bytes.`);
  return Buffer.concat(chunks);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/** Without the message ids and causes, which have details of AWS. */
function toAnswer(result: SendResult): object {
  const { transaction_id } = (result.payment as PaymentMessage | null) ?? {};
  if (result.status === 'accepted') return { transaction_id, status: result.status };
  return { transaction_id, status: result.status, code: result.code, reason: result.reason };
}

server.listen(Number(PORT), HOST, () => {
  process.stdout.write(`Listening on http://${HOST}:${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => server.close()); // Answers the requests that have begun.
