import type { FraudCheckLimits } from '../core/ports';

export type KeyLimits = Pick<FraudCheckLimits, 'deadline' | 'signal'>;

/** The fraud API's key. */
export interface ApiKey {
  /** @throws ApiKeyError when it cannot be had within the limits */
  read(limits: KeyLimits): Promise<string>;
  /** The API refused this key: if it is still the known one, the next call reads it again. */
  refused(key: string): void;
}

/** There is no key now; there may be one later. */
export class ApiKeyError extends Error {
  override readonly name = 'ApiKeyError';

  /** @param seen in a word or two, without the key */
  constructor(readonly seen: string) {
    super(`${seen}.`);
  }
}
