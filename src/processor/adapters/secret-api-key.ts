import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { setTimeout as sleep } from 'node:timers/promises';
import { AWS_CLIENT_CONFIG, errorCode } from '../../runtime/aws-call';
import type { Clock } from '../../runtime/ports';
import { type ApiKey, ApiKeyError, type KeyLimits } from './http-fraud-api';

interface Reading {
  readonly key: Promise<string>;
  readonly call: AbortController;
  readers: number;
}

/** Visible ASCII: `fetch` refuses most of the rest, with the key in its message, and garbles what is left. */
const LEGAL_HEADER_VALUE = /^[\x20-\x7e]+$/;

/** A key in Secrets Manager. It is read when it is first needed, once for the function's life or until it is refused. */
export class SecretApiKey implements ApiKey {
  private readonly client: SecretsManagerClient;
  private key: string | undefined;
  private reading: Reading | undefined;

  constructor(
    private readonly secretArn: string,
    private readonly clock: Clock,
  ) {
    // A secret is known in its own region only.
    this.client = new SecretsManagerClient({ ...AWS_CLIENT_CONFIG, region: secretArn.split(':')[3]! });
  }

  async read(limits: KeyLimits): Promise<string> {
    if (this.key !== undefined) return this.key;
    const reading = (this.reading ??= this.begin());
    reading.readers++;
    try {
      this.key = await within(limits, this.clock, reading.key);
      return this.key;
    } finally {
      reading.readers--;
      if (reading.readers === 0) this.end(reading);
    }
  }

  refused(key: string): void {
    if (this.key === key) this.key = undefined;
  }

  private begin(): Reading {
    const call = new AbortController();
    return { key: this.readSecret(call.signal), call, readers: 0 };
  }

  /** A reader that gives up does not end the call of the others. The last one does: no call outlives its readers. */
  private end(reading: Reading): void {
    reading.call.abort();
    if (this.reading === reading) this.reading = undefined;
  }

  private async readSecret(abortSignal: AbortSignal): Promise<string> {
    const key = (await this.secretString(abortSignal)).trim();
    if (key === '') throw new ApiKeyError('API key secret is empty');
    if (!LEGAL_HEADER_VALUE.test(key)) throw new ApiKeyError('API key is not a legal header value');
    return key;
  }

  /** Empty when the secret is binary. */
  private async secretString(abortSignal: AbortSignal): Promise<string> {
    try {
      const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: this.secretArn }), {
        abortSignal,
      });
      return SecretString ?? '';
    } catch (error) {
      throw notReadable(errorCode(error)); // and without a cause, which may hold the answer's body
    }
  }
}

function notReadable(errorName: string): ApiKeyError {
  return new ApiKeyError(`API key not readable (${errorName})`);
}

/** Waits for the key as long as the reader may. No timer is left for a later invocation. */
async function within(limits: KeyLimits, clock: Clock, key: Promise<string>): Promise<string> {
  const done = new AbortController();
  const signal = AbortSignal.any([limits.signal, done.signal]);
  try {
    return await Promise.race([key, timeUp(limits.deadline - clock.now(), signal)]);
  } finally {
    done.abort();
  }
}

async function timeUp(milliseconds: number, signal: AbortSignal): Promise<never> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    throw notReadable('AbortError');
  }
  throw notReadable('TimeoutError');
}
