import { EXIT } from '../cli/command';
import type { PaymentStatus } from '../contract';
import type { AlarmState, FunctionState, QueueState, Services, StatusCount } from './services';
import { type Answer, type Look, shownId, table } from './shown';

const STATUSES: readonly PaymentStatus[] = ['PROCESSING', 'APPROVED', 'DECLINED', 'REVIEW', 'FAILED'];

/** How the pipeline is now: what waits, what is stored, and what runs. */
export async function showStatus(services: Services, look: Look): Promise<Answer> {
  const [queues, functions, alarms, counts] = await Promise.all([
    services.queues(),
    services.functions(),
    services.alarms(),
    Promise.all(STATUSES.map(async (status) => [status, await services.payments.count(status)] as const)),
  ]);
  const json = { queues, payments: Object.fromEntries(counts), functions, alarms };
  return { json, text: [renderQueues(queues, look), renderCounts(counts, look), renderFunctions(functions, look), renderAlarms(alarms, look)].join('\n'), exitCode: EXIT.fine };
}

function renderQueues(queues: readonly QueueState[], look: Look): string {
  const rows = queues.map(({ name, visible, in_flight, oldest_seconds }) => [name, String(visible), String(in_flight), oldest_seconds === undefined ? 'unknown' : `${oldest_seconds} s`]);
  return table(['Queue', 'Waiting (about)', 'In flight (about)', 'Oldest'], rows, look);
}

function renderCounts(counts: readonly (readonly [PaymentStatus, StatusCount])[], look: Look): string {
  const rows = counts.map(([status, { count, more }]) => [status, `${count}${more ? ' or more' : ''}`]);
  const drawn = table(['Status', 'Payments'], rows, look);
  return counts.some(([, { more }]) => more) ? `${drawn}\nNot all were counted: that would read the whole table's index.` : drawn;
}

function renderFunctions(functions: readonly FunctionState[], look: Look): string {
  const rows = functions.map(({ name, state, last_update, last_modified, release_id }) => [
    name, state, last_update, last_modified, shownId(release_id ?? 'unknown', look),
  ]);
  return table(['Function', 'State', 'Last update', 'Changed', 'Release'], rows, look);
}

/** Those that ring say what to do; the others are only counted. */
function renderAlarms(alarms: readonly AlarmState[], { colours }: Look): string {
  const ringing = alarms.filter(({ state }) => state === 'ALARM');
  const quiet = `${alarms.length - ringing.length} of ${alarms.length} alarms are quiet.`;
  return [...ringing.map(({ name, since, description }) => `${colours.red(name)} rings since ${since}: ${description}`), quiet].join('\n');
}
