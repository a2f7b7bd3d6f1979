import { basename } from 'node:path';
import { runbookPath } from '../../src/infrastructure/monitoring/alarm';
import { ALARMS } from '../../src/infrastructure/monitoring/monitoring';
import { OUTAGE_ALARM } from '../../src/infrastructure/monitoring/outage-alarm';
import { pageText } from '../kit/documents';
import { table } from './generated';

/** The first sentence of an alarm's page. */
const FIRST_SENTENCE = /^## It means\n\n([^]+?\.)\s/m;

/** The alarms, each with a link to its page and what it means. @throws Error when a page does not say it */
export function alarmsTable(): string {
  const rows = [...ALARMS, OUTAGE_ALARM].map((alarm) => {
    const file = runbookPath(alarm);
    const [, meaning] = FIRST_SENTENCE.exec(pageText(file)) ?? [];
    if (meaning === undefined) throw new Error(`${file} does not say what the alarm means.`);
    return [`[${basename(file, '.md')}](${basename(file)})`, meaning.replaceAll('\n', ' ')];
  });
  return table(['alarm', 'it means'], rows);
}
