import { basename } from 'node:path';
import { ALARMS_WITHOUT_DRILL, DRILLS } from '../local/drills';
import { code, table } from './generated';

/** The drills, and the alarms that have none, in docs/how-to/practise-an-incident.md. */
export function drillsTable(): string {
  const drills = Object.entries(DRILLS).map(([name, { summary, alarms, runbook, minutes }]) => [
    code(name),
    summary,
    alarms.map(code).join(', '),
    `[${basename(runbook.split('#')[0]!, '.md')}](${runbook.replace('docs/how-to/', '').replace('docs/', '../')})`,
    `${minutes} min`,
  ]);
  const without = Object.entries(ALARMS_WITHOUT_DRILL).map(([alarm, why]) => [code(alarm), why]);
  return [
    table(['drill', 'what happens', 'should ring', 'follow', 'fault lasts'], drills),
    'The fault lasts minutes of pipeline time. These alarms ring in no drill:',
    table(['alarm', 'why'], without),
  ].join('\n\n');
}
