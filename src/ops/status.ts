import { EXIT } from '../cli/command-error';
import { joined } from '../cli/escaped-text';
import { heldAccountsJson } from './held-accounts';
import type { Services } from './services';
import type { Answer, FormatOptions } from './format';
import { takeSnapshot } from './snapshot';
import { renderAlarms, renderSnapshot } from './snapshot-view';

/** Shows the state of the pipeline. */
export async function showStatus(services: Services, format: FormatOptions): Promise<Answer> {
  const snapshot = await takeSnapshot(services);
  return {
    json: { ...snapshot, held_accounts: heldAccountsJson(snapshot.held_accounts, format) },
    text: joined([
      format.colours.bold(snapshot.place),
      renderAlarms(snapshot, format),
      renderSnapshot(snapshot, format),
    ]),
    exitCode: EXIT.success,
  };
}
