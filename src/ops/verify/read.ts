import { AwsCallError } from '../aws-call';
import type { Pipeline } from '../pipeline';
import type { Clients } from './clients';

/** A call to AWS that changes nothing. A run makes it once, and shares the answer between checks. */
export interface Read<T> {
  /** The IAM action that allows it. */
  readonly action: string;
  /** What is read, for messages. */
  readonly subject: (pipeline: Pipeline) => string;
  /** Reads whose answers this one takes. */
  readonly needs: Needs;
  readonly send: (clients: Clients, found: never, pipeline: Pipeline) => Promise<T>;
}

export type Needs = Readonly<Record<string, Read<unknown>>>;

/** The answers of reads. */
export type Found<N extends Needs> = { readonly [Name in keyof N]: N[Name] extends Read<infer T> ? T : never };

/** The deployed resources. */
export interface Deployment {
  readonly pipeline: Pipeline;
  readonly region: string;
  /** @throws MissingPermission, NotEmulated, ResourceFault, Unanswered, or AwsCallError when AWS takes no call */
  read<T>(read: Read<T>): Promise<T>;
}

/** Reads that nothing can be said about. */
abstract class Unread extends AwsCallError {
  /** @param actions the IAM actions of the reads */
  constructor(
    reason: string,
    readonly actions: readonly string[],
  ) {
    super(`${reason} ${actions.join(', ')}.`);
  }
}

/** The credentials do not allow a read. */
export class MissingPermission extends Unread {
  constructor(actions: readonly string[]) {
    super('These credentials may not do', actions);
  }
}

/** The local pipeline has nothing that a read could ask. */
export class NotEmulated extends Unread {
  constructor(actions: readonly string[]) {
    super('The local pipeline does not emulate', actions);
  }
}

/** A resource does not exist, or is not as a read needs it. */
export class ResourceFault extends AwsCallError {
  constructor(
    readonly found: string,
    readonly whatToDo: string,
  ) {
    super(found);
  }
}

/** A service gave no answer, as others may have done. The message says why, and what to do. */
export class Unanswered extends AwsCallError {}

/** Defines a read. `needs` go before it, and `send` gets their answers. */
export function defineRead<T, N extends Needs = Needs>(definition: {
  readonly action: string;
  readonly subject: Read<T>['subject'];
  readonly needs?: N;
  readonly send: (clients: Clients, found: Found<N>, pipeline: Pipeline) => Promise<T>;
}): Read<T> {
  return { needs: {}, ...definition };
}

/** Makes the reads. @throws MissingPermission or NotEmulated naming the actions of all that are not allowed, or not emulated */
export async function readAll<N extends Needs>(deployment: Deployment, needs: N): Promise<Found<N>> {
  const answers = await Promise.allSettled(Object.values(needs).map((read) => deployment.read(read)));
  const errors = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
  const unread = errors.filter((error) => error instanceof Unread);
  if (unread.length < errors.length) throw errors.find((error) => !(error instanceof Unread));
  const [first] = unread;
  if (first !== undefined) {
    const actions = [...new Set(unread.flatMap((error) => error.actions))];
    throw first instanceof NotEmulated ? new NotEmulated(actions) : new MissingPermission(actions);
  }
  return Object.fromEntries(
    Object.keys(needs).map((name, index) => [name, (answers[index] as PromiseFulfilledResult<unknown>).value]),
  ) as Found<N>;
}

/** The IAM actions of the reads, and of the reads that they need. */
export function actionsOf(needs: Needs): readonly string[] {
  return [...new Set(Object.values(needs).flatMap((read) => [...actionsOf(read.needs), read.action]))];
}
