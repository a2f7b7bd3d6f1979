const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in its two largest units: `850 ms`, `4.2 s`, `12 min 5 s`, `3 h 20 min`. @param ms milliseconds */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return twoUnits(seconds, MINUTE, 'min', 1, 's');
  if (seconds < DAY) return twoUnits(seconds, HOUR, 'h', MINUTE, 'min');
  return twoUnits(seconds, DAY, 'd', HOUR, 'h');
}

function twoUnits(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

/** Label of a time axis: `0`, `5 min`, `1 h 30`. @param seconds since the start */
export function tick(seconds: number): string {
  if (seconds === 0) return '0';
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR)
    return seconds % MINUTE === 0 ? `${seconds / MINUTE} min` : twoUnits(seconds, MINUTE, 'min', 1, 's');
  if (seconds < DAY)
    return `${Math.floor(seconds / HOUR)} h${seconds % HOUR === 0 ? '' : ` ${Math.round((seconds % HOUR) / MINUTE)}`}`;
  return `${Math.round((10 * seconds) / DAY) / 10} d`;
}

/** Steps of a time axis, in seconds. */
export const TICK_STEPS = [1, 5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400];

/** Ticks for a time axis of so many seconds: seven at most. */
export function ticks(seconds: number): number[] {
  const step = TICK_STEPS.find((one) => seconds / one <= 7) ?? DAY * Math.ceil(seconds / (7 * DAY));
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}

/** A number as a graph shows it: `1,250`, `12.5k`, `3.4M`, `0.12`. */
export function quantity(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${trimmed(value / 1e6)}M`;
  if (size >= 1e4) return `${trimmed(value / 1e3)}k`;
  if (size >= 100 || Number.isInteger(value)) return count(Math.round(value));
  return size >= 1 ? trimmed(value) : String(Number(value.toPrecision(2)));
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A number and its noun. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(1)));
}

/** Time of day to the millisecond, UTC. */
export function timeOfDay(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
