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
  /** @throws MissingPermission, ResourceFault, or AwsCallError when AWS does not answer */
  read<T>(read: Read<T>): Promise<T>;
}

/** The credentials do not allow a read. */
export class MissingPermission extends AwsCallError {
  constructor(readonly actions: readonly string[]) {
    super(`These credentials may not do ${actions.join(', ')}.`);
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

/** Defines a read. `needs` go before it, and `send` gets their answers. */
export function defineRead<T, N extends Needs = Needs>(definition: {
  readonly action: string;
  readonly subject: Read<T>['subject'];
  readonly needs?: N;
  readonly send: (clients: Clients, found: Found<N>, pipeline: Pipeline) => Promise<T>;
}): Read<T> {
  return { needs: {}, ...definition };
}

/** Makes the reads. @throws MissingPermission naming the actions of all that are not allowed */
export async function readAll<N extends Needs>(deployment: Deployment, needs: N): Promise<Found<N>> {
  const answers = await Promise.allSettled(Object.values(needs).map((read) => deployment.read(read)));
  const errors = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
  const denied = errors.filter((error) => error instanceof MissingPermission);
  if (denied.length === errors.length && denied.length > 0)
    throw new MissingPermission([...new Set(denied.flatMap(({ actions }) => actions))]);
  if (errors.length > 0) throw errors.find((error) => !(error instanceof MissingPermission));
  return Object.fromEntries(
    Object.keys(needs).map((name, index) => [name, (answers[index] as PromiseFulfilledResult<unknown>).value]),
  ) as Found<N>;
}

/** The IAM actions of the reads, and of the reads that they need. */
export function actionsOf(needs: Needs): readonly string[] {
  return [...new Set(Object.values(needs).flatMap((read) => [...actionsOf(read.needs), read.action]))];
}
