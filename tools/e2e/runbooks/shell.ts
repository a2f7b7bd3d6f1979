import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { ANYBODY, REGION } from '../support/clients';
import type { Processes } from '../../kit/processes';

const AWS_CLI = join(__dirname, 'aws_cli.py');

interface Options {
  /** Python with the AWS CLI installed. */
  readonly python: string;
  readonly endpoint: string;
  /** Endpoint of Lambda's API. */
  readonly lambda: string;
  readonly directory: string;
  readonly processes: Processes;
  readonly log: string;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One shell with the AWS CLI: from one script to the next it keeps its directory and the variables that were set. */
export class Shell {
  private constructor(private readonly options: Options) {}

  static async open(options: Options): Promise<Shell> {
    const { directory, python } = options;
    for (const part of ['bin', 'work']) await mkdir(join(directory, part), { recursive: true });
    await writeFile(join(directory, 'variables'), '');
    const aws = join(directory, 'bin', 'aws');
    await writeFile(aws, `#!/bin/sh\nexec '${python}' '${AWS_CLI}' "$@"\n`);
    await chmod(aws, 0o755);
    return new Shell(options);
  }

  /** Ends at the first command that fails. Its output goes into a file, as a pipe of Node's cannot be opened as /dev/stdout. */
  async run(script: string): Promise<Ran> {
    const { directory, processes, log } = this.options;
    const set = [...script.matchAll(/^([A-Z]+)=/gm)].map(([, name]) => name!);
    const keep = set.length === 0 ? '' : `\ndeclare -p ${set.join(' ')} >> ../variables`;
    const text = `set -eu\nunset AWS_PROFILE AWS_SESSION_TOKEN\n. ../variables\n: > ../stdout\nexec >> ../stdout\n${script}${keep}`;
    const { code, stderr } = await processes.run('bash', ['-c', text], {
      directory: join(directory, 'work'),
      environment: this.environment,
      log,
    });
    return { code, stderr, stdout: await readFile(join(directory, 'stdout'), 'utf8') };
  }

  private get environment(): Record<string, string> {
    const { directory, endpoint, lambda } = this.options;
    return {
      PATH: `${join(directory, 'bin')}:${process.env.PATH ?? ''}`,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_LAMBDA: lambda,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION, // version 1 knows no other
      AWS_ACCESS_KEY_ID: ANYBODY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ANYBODY.secretAccessKey,
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_MAX_ATTEMPTS: '2',
    };
  }
}
