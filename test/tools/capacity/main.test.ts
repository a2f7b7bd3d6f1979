import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capacity } from '../../../tools/capacity/main';
import type { Plan } from '../../../tools/capacity/plan';
import { run } from '../../../tools/kit/command-run';
import { newDirectory } from '../../../tools/kit/new-directory';

test('three numbers give the settings, what binds, and what to request', async () => {
  const json = join(newDirectory(), 'plan.json');
  const args = ['--payments-per-day', '100000000', '--peak-factor', '2.5', '--fraud-latency', '2000', '--json', json];
  const { code, stdout } = await run(capacity, ...args);
  const { pipelines, settings, requests, peakPerSecond } = JSON.parse(readFileSync(json, 'utf8')) as Plan;
  expect([code, Math.round(peakPerSecond)]).toEqual([0, 2_894]);
  expect(stdout).toContain(`in ${pipelines} pipelines`);
  expect(stdout).toContain(
    `maxConcurrency ${settings.maxConcurrency}, groupConcurrency 10, lambdaMemory ${settings.lambdaMemory}`,
  );
  for (const request of requests) expect(stdout).toContain(request);
  expect(stdout).toMatch(/status index .*%/);
});

test.each(['0.5', 'many', ''])('the peak factor %j is refused', async (factor) => {
  const { code, stderr } = await run(capacity, `--peak-factor=${factor}`);
  expect([code, stderr]).toEqual([2, expect.stringContaining('from 1 to 10000')]);
});
