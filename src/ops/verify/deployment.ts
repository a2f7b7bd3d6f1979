import { awsCall, AwsCallError, type Place } from '../aws-call';
import type { ClientConfig } from '../client-config';
import type { Pipeline } from '../pipeline';
import { type Clients, createClients } from './clients';
import { type Deployment, MissingPermission, NotEmulated, type Read, readAll, ResourceFault, Unanswered } from './read';

/** Opens the deployment. @throws UsageError when the outputs lack something */
export function openDeployment(pipeline: Pipeline, place: Place, config: ClientConfig): Deployment {
  pipeline.expected(); // throws for outputs that lack something, before a call is made
  return new AwsDeployment(pipeline, place, createClients(config));
}

/** Reads through clients, each read once. */
export class AwsDeployment implements Deployment {
  private readonly answers = new Map<Read<unknown>, Promise<unknown>>();

  constructor(
    readonly pipeline: Pipeline,
    private readonly place: Place,
    private readonly clients: Clients,
  ) {}

  get region(): string {
    return this.place.region;
  }

  read<T>(read: Read<T>): Promise<T> {
    const answer = (this.answers.get(read) ?? this.send(read)) as Promise<T>;
    this.answers.set(read, answer);
    return answer;
  }

  private async send<T>({ action, subject, needs, send }: Read<T>): Promise<T> {
    const found = await readAll(this, needs);
    const { pipeline, place, clients } = this;
    try {
      return await awsCall(place, subject(pipeline), () => send(clients, found as never, pipeline));
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      if (error.kind === 'forbidden') throw new MissingPermission([action]);
      if (error.kind === 'unsupported' && pipeline.endpoint !== undefined) throw new NotEmulated([action]);
      if (error.kind === 'missing')
        throw new ResourceFault(
          `There is no ${subject(pipeline)}.`,
          `Check ${place.foundBy}. If something was deleted, deploy again.`,
        );
      if (error.kind !== undefined) throw new Unanswered(error.message);
      throw error;
    }
  }
}
