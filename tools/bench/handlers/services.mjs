/**
 * DynamoDB and the fraud API in one process of their own, so that their work isn't the handler's. Every write succeeds, and every payment is
 * approved, at once until a message says after how many milliseconds.
 */
import { createServer } from 'node:http';

let latencyMs = 0;

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    if (request.headers['x-amz-target'] !== undefined) {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
      return;
    }
    const answer = () => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"decision":"approve","score":0.01,"reasons":["known beneficiary"]}');
    };
    if (latencyMs === 0) answer();
    else setTimeout(answer, latencyMs);
  });
});
server.keepAliveTimeout = 60_000; // a closed connection would be opened again within the measured time
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', (milliseconds) => (latencyMs = milliseconds));
process.on('disconnect', () => process.exit(0));
