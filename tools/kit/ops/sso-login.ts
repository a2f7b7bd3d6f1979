import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SSO_START_URL = 'https://sso.example.com';

/** Leaves in the home directory what `aws sso login` does. */
export function loggedIn(home: string, expiresAt: string): void {
  const cache = join(home, '.aws', 'sso', 'cache');
  mkdirSync(cache, { recursive: true });
  const file = join(cache, `${createHash('sha1').update(SSO_START_URL).digest('hex')}.json`);
  writeFileSync(
    file,
    JSON.stringify({ startUrl: SSO_START_URL, accessToken: 'MARKED', expiresAt, region: 'eu-west-1' }),
  );
}
