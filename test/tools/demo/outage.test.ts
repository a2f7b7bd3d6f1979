import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runDemoCommand } from '../../../tools/demo/fixtures/demo-run';

/**
 * The demo's long wait is 2 s for the deployed 1,860: half an hour is as much shorter. The real bundle lives through it; what
 * is promised of every phase of a backlog is shown over the core.
 */
const HALF_AN_HOUR_MS = (1_800 / 1_860) * 2_000;

test('a fraud API that is down for a scaled half hour: nothing is dead-lettered, and the backlog comes back in order [G8]', async () => {
  let calls = 0;
  let downUntil = 0;
  let refused = 0;
  const server = createServer((request, response) => {
    request.resume();
    calls++; // the first one is the demo's own
    if (calls === 2) downUntil = Date.now() + HALF_AN_HOUR_MS;
    const isDown = calls > 1 && Date.now() < downUntil;
    if (isDown) refused++;
    answer(response, isDown);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/check`;
    const { code, report } = await runDemoCommand(['--payments', '16', '--accounts', '8', '--fraud-url', url]);

    expect(report).toMatchObject({
      approved: 16,
      failed: 0,
      dead_lettered: 0,
      lost: 0,
      order_violations: 0,
      double_decisions: 0,
    });
    expect(report!.returned).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
    expect(code).toBe(0);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

function answer(response: ServerResponse, isDown: boolean): void {
  if (isDown) response.writeHead(503).end();
  else
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"decision":"approve","score":0.1,"reasons":[]}');
}
