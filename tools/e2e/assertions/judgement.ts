import { messageOf } from '../../../src/cli/command-error';
import type { Say } from '../../kit/steps';
import { type Assertion, type Deployed, EmulatorGapError } from './assertion';

export interface Judgement {
  readonly held: readonly Assertion[];
  /** Titles, each with the reason why the emulator cannot tell. */
  readonly gaps: readonly string[];
  /** Titles, each with what was found instead. */
  readonly broken: readonly string[];
}

/** Checks one after the other: the emulator answers one call at a time anyway. */
export async function judge(assertions: readonly Assertion[], deployed: Deployed): Promise<Judgement> {
  const held: Assertion[] = [];
  const gaps: string[] = [];
  const broken: string[] = [];
  for (const assertion of assertions) {
    const title = `${assertion.type}: ${assertion.what}`;
    try {
      await assertion.check(deployed);
      held.push(assertion);
    } catch (error) {
      if (error instanceof EmulatorGapError) gaps.push(`${title} - ${error.message}`);
      else broken.push(`${title}\n      ${messageOf(error).replaceAll('\n', '\n      ')}`);
    }
  }
  return { held, gaps, broken };
}

/** The resource types of the stack of which nothing is asserted, or nothing that the emulator can tell. */
export function unasserted(types: readonly string[], { held, broken }: Judgement): string[] {
  const judged = new Set([...held.map(({ type }) => type), ...broken.map((title) => title.split(':', 1)[0])]);
  return types.filter((type) => !judged.has(type));
}

/** Says what was found. @throws when anything does not hold, or a type was left out */
export function conclude(judgement: Judgement, types: readonly string[], say: Say): void {
  const left = unasserted(types, judgement);
  say(
    `${judgement.held.length} assertions hold, about ${types.length - left.length} of ${types.length} resource types and the outputs`,
  );
  for (const gap of judgement.gaps) say(`the emulator does not tell: ${gap}`);
  const faults = [...judgement.broken, ...left.map((type) => `${type}: nothing is asserted about it`)];
  if (faults.length > 0)
    throw new Error(`${faults.length} not as asked for:\n${faults.map((fault) => `  ✘ ${fault}`).join('\n')}`);
}
