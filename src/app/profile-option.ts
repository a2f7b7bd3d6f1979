import { UsageError } from '../cli/usage-error';
import { type ProfileName, PROFILES } from '../infrastructure/profile';

/** What `--profile` says. @throws UsageError */
export function profileNamed(name: string): ProfileName {
  if (isProfile(name)) return name;
  throw new UsageError(`--profile is "${name}", but must be one of ${Object.keys(PROFILES).join(', ')}.`);
}

function isProfile(name: string): name is ProfileName {
  return Object.hasOwn(PROFILES, name);
}
