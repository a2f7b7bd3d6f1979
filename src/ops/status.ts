import { EXIT } from '../cli/command-error';
import { joined } from '../cli/escaped-text';
import { heldAccountsJson } from './held-accounts';
import type { Services } from './services';
import type { Answer, FormatOptions } from './format';
import { takeSnapshot } from './snapshot';
import { renderAlarms, renderSnapshot } from './snapshot-view';

/** How the pipeline is now. */
export async function showStatus(services: Services, look: FormatOptions): Promise<Answer> {
  const snapshot = await takeSnapshot(services);
  return {
    json: { ...snapshot, held_accounts: heldAccountsJson(snapshot.held_accounts, look) },
    text: joined([look.colours.bold(snapshot.place), renderAlarms(snapshot, look), renderSnapshot(snapshot, look)]),
    exitCode: EXIT.success,
  };
}
