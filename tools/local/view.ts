import { joined, shown, type ShownText } from '../../src/cli/escaped-text';
import { type FormatOptions, keyValueList } from '../../src/ops/format';
import type { LocalEntry } from '../../src/ops/local';
import { table } from '../../src/ops/table';
import type { DrillStatus } from './drill-run';
import { ALARMS_WITHOUT_DRILL, DRILLS } from './drills';

type Look = Pick<FormatOptions, 'colours' | 'width'>;

/** What runs, and how to use it. */
export function renderStart(
  {
    rate,
    timeScale,
    page,
    logFile,
    port,
  }: Pick<LocalEntry, 'port' | 'timeScale'> & { rate: number; page: string; logFile: string },
  look: Look,
): ShownText {
  return joined([
    look.colours.bold(`The local pipeline runs, with ${rate} payments a second. Ctrl-C ends it.`),
    keyValueList(
      [
        ['Page', page],
        ['Operate', `npx projen ops -- --local status`],
        ['', `npx projen ops -- --local watch`],
        ['Practise', `npx projen local drill --list`],
        ['', `npx projen local drill fraud-api-down`],
        ['Time', `metrics and alarms: a minute takes ${60 / timeScale} s`],
        ['Log', logFile],
        ['Port', `${port}; if several run, add --port ${port} to ops and drill`],
      ],
      look,
    ),
  ]);
}

/** The drills, and the alarms that ring in none. */
export function renderDrills(look: Look): ShownText {
  const drills = Object.entries(DRILLS).map(([name, { summary, alarms, runbook, minutes }]) => [
    name,
    `${summary} For ${minutes} min of pipeline time.`,
    joined(alarms),
    runbook,
  ]);
  return joined([
    table(['Drill', 'What happens', 'Should ring', 'Runbook'], drills, look, true),
    table(['Rings in no drill', 'Why'], Object.entries(ALARMS_WITHOUT_DRILL), look, true),
  ]);
}

export function renderVerdict({ title, runbook, verdict }: DrillStatus, scale: number, { colours }: Look): ShownText {
  const { passed = false, findings = [] } = verdict ?? {};
  return joined([
    shown`${passed ? colours.green('✔ passed') : colours.red('✘ failed')}  ${colours.bold(title)}`,
    ...findings.map((finding) => `  ${finding}`),
    `  Minutes are of pipeline time: each took ${60 / scale} s.`,
    `  Runbook: ${runbook}`,
  ]);
}
