import { EXIT } from '../cli/command';
import type { Services } from './services';
import type { Answer, Look } from './shown';
import { takeSnapshot } from './snapshot';
import { renderAlarms, renderSnapshot } from './snapshot-view';

/** How the pipeline is now. */
export async function showStatus(services: Services, look: Look): Promise<Answer> {
  const snapshot = await takeSnapshot(services);
  return { json: snapshot, text: [look.colours.bold(snapshot.place), renderAlarms(snapshot, look), renderSnapshot(snapshot, look)].join('\n'), exitCode: EXIT.fine };
}
