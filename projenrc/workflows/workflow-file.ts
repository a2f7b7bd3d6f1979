import { type IResolver, type Project, YamlFile } from 'projen';

/** A value and a comment on it, which a writer of YAML takes for one text, and quotes. */
const QUOTED_COMMENT = /: "([^"\s]+ # [^"]+)"$/gm;

export type Step = Readonly<Record<string, unknown>>;

export interface Job {
  readonly name: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  /** Minutes. */
  readonly timeout: number;
  /** All permissions of the token: `read`, or `write # why`. */
  readonly permissions: Readonly<Record<string, 'read' | `${'read' | 'write'} # ${string}`>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  /** Never cancel what holds the lock of Terraform's state: GitHub ends the shell, then kills Terraform, and the lock stays. */
  readonly concurrency: {
    readonly group: string;
    readonly 'cancel-in-progress': boolean | string;
    /** `max` keeps up to 100 waiting runs. Otherwise a later one cancels the one that waits. */
    readonly queue?: 'max';
  };
  readonly jobs: Readonly<Record<string, Job>>;
}

/** Writes `.github/workflows/NAME.yml`. A token may do nothing but what its job says. */
export function addWorkflow(project: Project, name: string, { on, concurrency, jobs }: Workflow): void {
  const written = Object.entries(jobs).map(([id, { name: title, timeout, steps, ...job }]) => [
    id,
    {
      name: title,
      'runs-on': 'ubuntu-24.04',
      'timeout-minutes': timeout,
      ...job,
      defaults: { run: { shell: 'bash' } }, // by its name, as only then a pipe fails with any of its commands
      steps,
    },
  ]);
  new WorkflowFile(project, `.github/workflows/${name}.yml`, {
    lineWidth: 0,
    obj: { name, on, permissions: {}, concurrency, jobs: Object.fromEntries(written) as object },
  });
}

/** `value # comment` stays what it is: a pin with its version, which programs look after, a right with its reason. */
class WorkflowFile extends YamlFile {
  protected override synthesizeContent(resolver: IResolver): string | undefined {
    return super.synthesizeContent(resolver)?.replace(QUOTED_COMMENT, ': $1');
  }
}
