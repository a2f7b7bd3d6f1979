import type { ProfileName } from '../../src/infrastructure/profile';

/** An environment of GitHub, with a pipeline, a state and two roles of its own. */
export interface Environment {
  /** GitHub's name of it. The environment whose reviewers approve another plan has `-review` behind it. */
  readonly name: string;
  readonly profile: ProfileName;
}

/** The environments before production, in the order of promotion. */
export type Stages = Readonly<Record<string, ProfileName>>;

/** What main reaches last, and what a repository without stages deploys. Nothing in the workflows has its name as a part. */
export const PRODUCTION: Environment = { name: 'production', profile: 'production' };

/** Lists the environments in the order of promotion. @throws Error for a name that GitHub or the pipeline refuses */
export function environmentsOf(stages: Stages): Environment[] {
  const isBad = (name: string) => !/^[a-z][a-z0-9-]{0,31}$/.test(name) || name === PRODUCTION.name;
  const bad = Object.keys(stages).filter(isBad);
  if (bad.length > 0)
    throw new Error(
      `Stages before production can't be called ${bad.join(', ')}: use lowercase letters, digits and "-".`,
    );
  return [...Object.entries(stages).map(([name, profile]) => ({ name, profile })), PRODUCTION];
}

/** Names something of an environment: `plan-dev`, and `plan` of production. */
export function withName(base: string, { name }: Environment): string {
  return name === PRODUCTION.name ? base : `${base}-${name}`;
}

/** Names a step of a job that works for several environments. */
export function titleOf(step: string, { name }: Environment): string {
  return name === PRODUCTION.name ? step : `${step} in ${name}`;
}

/** The file of an environment's saved plan. The plan review tells the environment by it. */
export function planFile({ name }: Environment): string {
  return `${name}.tfplan`;
}

/** What was said while it was planned. */
export function planLog({ name }: Environment): string {
  return `${name}.log`;
}

/**
 * A variable of the repository: `DEV_AWS_REGION`, and `AWS_REGION` of production. Variables of GitHub's environments aren't known to the
 * condition of a job, and a job that plans would have to be in an environment, and wait for its reviewers.
 */
export function variable(name: string, environment: Environment): string {
  return environment.name === PRODUCTION.name ? name : `${environment.name.toUpperCase().replaceAll('-', '_')}_${name}`;
}
