import { DLQ_BUGS } from './planted-dlq-bugs';
import { HOLD_BUGS } from './planted-hold-bugs';
import { type PlantedBug, PROCESSOR_BUGS } from './planted-processor-bugs';

/** In the order of the table in docs/guarantees.md. */
export const PLANTED_BUGS: Readonly<Record<string, PlantedBug>> = { ...PROCESSOR_BUGS, ...HOLD_BUGS, ...DLQ_BUGS };
