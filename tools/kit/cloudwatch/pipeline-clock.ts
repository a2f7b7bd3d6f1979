/**
 * Scale of the demo and the local pipeline: a second of the run is a minute of pipeline time, the length of the dashboard's
 * periods, and an alarm of five minutes goes off within seconds.
 */
export const DEFAULT_TIME_SCALE = 60;

/**
 * Pipeline time, in milliseconds since the epoch: the start of the run, and what has passed since times the scale. Metrics,
 * alarms and the page have pipeline time; the emulators and the functions have the machine's.
 */
export class PipelineClock {
  /** When the run started, by either clock. */
  readonly start: number;

  constructor(
    readonly scale: number = DEFAULT_TIME_SCALE,
    /** Another clock than the machine's, for a test. */
    readonly machineTime: () => number = Date.now,
  ) {
    this.start = machineTime();
  }

  now(): number {
    return this.at(this.machineTime());
  }

  /** The pipeline time of a time of the machine, such as one in a record's history or a log. */
  at(machineTime: number): number {
    return this.start + (machineTime - this.start) * this.scale;
  }
}
