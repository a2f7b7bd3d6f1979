import { setTimeout as sleep } from 'node:timers/promises';
import { parseFraudAnswer } from '../../../src/contract';
import { type EmbeddedFraudApi, POISON_PREFIX, startFraudApi } from '../../../tools/kit/embedded/fraud-api';

let api: EmbeddedFraudApi;
afterEach(() => api.close());

const ask = (fields: object, signal: AbortSignal | null = null) =>
  fetch(api.url, {
    method: 'POST',
    body: JSON.stringify({ transaction_id: 't', beneficiary_id: 'shop', ...fields }),
    signal,
  });

test('decides each payment the same on every call', async () => {
  api = await startFraudApi({ seed: 1, faultRate: 0 });
  const ids = Array.from({ length: 40 }, (_, index) => `payment-${index}`);
  const answers = async () => Promise.all(ids.map(async (transaction_id) => (await ask({ transaction_id })).text()));

  const [once, again] = [await answers(), await answers()];

  expect(again).toEqual(once);
  expect(once.map(parseFraudAnswer)).toHaveLength(40);
  expect(api.answers()).toEqual({ calls: 80, faults: 0 });
});

test('refuses poison permanently, and remembers it', async () => {
  api = await startFraudApi({ seed: 1, faultRate: 0 });

  const { status } = await ask({ transaction_id: 'bad', beneficiary_id: `${POISON_PREFIX}shop` });

  expect(status).toBe(422);
  expect([...api.refused]).toEqual(['bad']);
});

test('a fault rate of one leaves no good answer, and refuses nothing', async () => {
  api = await startFraudApi({ seed: 1, faultRate: 1 });
  const givenUp = new AbortController();
  const outcomes = Array.from({ length: 30 }, async () => {
    try {
      const response = await ask({ beneficiary_id: `${POISON_PREFIX}shop` }, givenUp.signal);
      if (response.status !== 200) return false;
      parseFraudAnswer(await response.text());
      return true;
    } catch {
      return false; // reset, no answer, or none that can be read
    }
  });
  for (let looks = 0; api.answers().faults < 30 && looks < 4_000; looks++) await sleep(5);
  await sleep(200); // for what is on its way; who has no answer by then never gets one
  givenUp.abort();

  expect(await Promise.all(outcomes)).toEqual(Array(30).fill(false));
  expect(api.refused.size).toBe(0);
  expect(api.answers()).toEqual({ calls: 30, faults: 30 });
});
