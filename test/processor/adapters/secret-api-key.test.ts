import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { ApiKeyError, type KeyLimits } from '../../../src/processor/adapters/http-fraud-api';
import { SecretApiKey } from '../../../src/processor/adapters/secret-api-key';
import { FakeSecretsManager, type SecretAnswer } from '../../../tools/kit/bundles/fake-secrets-manager';

const ARN = 'arn:aws:secretsmanager:eu-west-3:123456789012:secret:fraud-api-key-AbCdEf';

let secrets: FakeSecretsManager;
beforeAll(async () => {
  secrets = await FakeSecretsManager.start();
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
  });
});
afterAll(() => secrets.close());

const newKey = () => new SecretApiKey(ARN, { now: () => Date.now() });
const within = (milliseconds = 10_000, signal = new AbortController().signal): KeyLimits => ({
  deadline: Date.now() + milliseconds,
  signal,
});

/** The error of the read. */
async function failure(reading: Promise<string>): Promise<string> {
  const error = await reading.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiKeyError);
  return (error as ApiKeyError).seen;
}

/** Resolves when that many calls have arrived. */
async function arrived(calls: number): Promise<void> {
  await until(() => secrets.calls.length === calls);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(2);
}

/** Holds the answers back until it is called. */
function held(): () => void {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  secrets.before = () => released;
  return release;
}

test('nothing is read before a reader asks', async () => {
  secrets.answers({ secret: 'key-1' });
  newKey();
  await sleep(20);
  expect(secrets.calls).toEqual([]);
});

test("the secret's text is the key, without the space around it; it is asked for in its own region", async () => {
  secrets.answers({ secret: ' \tkey 1\r\n' });
  expect(await newKey().read(within())).toBe('key 1');
  expect(secrets.calls).toEqual([
    { operation: 'GetSecretValue', secretId: ARN, region: 'eu-west-3', ended: expect.any(Boolean) as boolean },
  ]);
});

test('it is read once for all readers, at the same time or later', async () => {
  secrets.answers({ secret: 'key-1' }, { secret: 'key-2' });
  const key = newKey();
  expect(await Promise.all([key.read(within()), key.read(within()), key.read(within())])).toEqual([
    'key-1',
    'key-1',
    'key-1',
  ]);
  expect(await key.read(within())).toBe('key-1');
  expect(secrets.calls).toHaveLength(1);
});

describe('a refused key', () => {
  test('is read again, once for all readers', async () => {
    secrets.answers({ secret: 'key-1' }, { secret: 'key-2' });
    const key = newKey();
    await key.read(within());
    key.refused('key-1');
    expect(await Promise.all([key.read(within()), key.read(within())])).toEqual(['key-2', 'key-2']);
    expect(secrets.calls).toHaveLength(2);
  });

  test('is not, when another key has replaced it', async () => {
    secrets.answers({ secret: 'key-1' }, { secret: 'key-2' }, { secret: 'key-3' });
    const key = newKey();
    await key.read(within());
    key.refused('key-1');
    await key.read(within());
    key.refused('key-1');
    expect(await key.read(within())).toBe('key-2');
    expect(secrets.calls).toHaveLength(2);
  });
});

describe('a read that fails', () => {
  const KEY = 'MARKED';

  test.each<readonly [string, SecretAnswer]>([
    ['API key not readable (AccessDeniedException)', { error: 'AccessDeniedException', message: KEY }],
    ['API key not readable (ResourceNotFoundException)', { error: 'ResourceNotFoundException', message: KEY }],
    ['API key not readable (DecryptionFailure)', { error: 'DecryptionFailure', message: KEY }],
    ['API key secret is empty', { secret: '' }],
    ['API key secret is empty', { secret: ' \n' }],
    ['API key secret is empty', 'binary'],
    ['API key is not a legal header value', { secret: `${KEY}\r\nx-other: 1` }],
    ['API key is not a legal header value', { secret: `${KEY}\0` }],
    ['API key is not a legal header value', { secret: `${KEY}é` }],
    ['API key is not a legal header value', { secret: `${KEY}🔑` }],
  ])('says "%s" to all who asked, without the key, and the next one reads again', async (seen, answer) => {
    secrets.answers(answer, { secret: 'key-1' });
    const key = newKey();
    const reads = [key.read(within()), key.read(within())];
    expect(await Promise.all(reads.map(failure))).toEqual([seen, seen]);
    expect(inspect(await reads[0]!.catch((error: unknown) => error), { depth: null, showHidden: true })).not.toContain(
      KEY,
    );
    expect(secrets.calls).toHaveLength(1);
    expect(await key.read(within())).toBe('key-1');
  });

  test('after a refusal does not bring the refused key back', async () => {
    secrets.answers({ secret: 'key-1' }, { error: 'AccessDeniedException' });
    const key = newKey();
    await key.read(within());
    key.refused('key-1');
    expect(await failure(key.read(within()))).toBe('API key not readable (AccessDeniedException)');
  });
});

describe('limits', () => {
  test('a reader after the end makes no call', async () => {
    secrets.answers({ secret: 'key-1' });
    expect(await failure(newKey().read(within(10_000, AbortSignal.abort())))).toBe('API key not readable (AbortError)');
    await sleep(20);
    expect(secrets.calls).toEqual([]);
  });

  test.each(['aborts', 'has no time left'])('a reader that %s leaves the call to the others', async (how) => {
    secrets.answers({ secret: 'key-1' });
    const release = held();
    const key = newKey();
    const caller = new AbortController();
    const impatient = failure(key.read(how === 'aborts' ? within(10_000, caller.signal) : within(60)));
    const patient = key.read(within());
    await arrived(1);
    caller.abort();
    expect(await impatient).toBe(`API key not readable (${how === 'aborts' ? 'AbortError' : 'TimeoutError'})`);
    const late = key.read(within());
    release();
    expect(await Promise.all([patient, late])).toEqual(['key-1', 'key-1']);
    expect(secrets.calls).toHaveLength(1);
  });

  test('when the last reader gives up the call ends, and the next reader starts another', async () => {
    secrets.answers('hang', { secret: 'key-2' });
    const key = newKey();
    const caller = new AbortController();
    const reads = [key.read(within(10_000, caller.signal)), key.read(within(10_000, caller.signal))].map(failure);
    await arrived(1);
    caller.abort();
    expect(await Promise.all(reads)).toEqual([
      'API key not readable (AbortError)',
      'API key not readable (AbortError)',
    ]);
    expect(await key.read(within())).toBe('key-2');
    await until(() => secrets.calls[0]!.ended);
    expect(secrets.calls).toHaveLength(2);
  });

  test('no timer is left behind', async () => {
    secrets.answers({ secret: 'key-1' });
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const key = newKey();
    const release = held();
    const reading = key.read(within(1_000_000));
    await arrived(1);
    expect(timers()).toBeGreaterThan(before);
    release();
    await reading;
    await new Promise(setImmediate);
    expect(timers()).toBe(before);
  });
});
