import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../../scripts/deploy/project';
import { body, ScriptedServer, status, type Answer } from '../../support/http-server';
import { fakeProgram } from '../command-run';
import { newDirectory } from '../../support/new-directory';

const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws:iam::123456789012:user/deployer</Arn><UserId>AIDA</UserId><Account>123456789012</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

export const KNOWN_CALLER = body(IDENTITY);

export const EXPIRED_TOKEN = status(
  403,
  { 'content-type': 'text/xml' },
  '<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token is expired</Message></Error></ErrorResponse>',
);

const OUTPUTS = {
  queue_url: { sensitive: true, type: 'string', value: 'https://sqs.example/queue' },
  vpc_id: { sensitive: false, type: 'string', value: 'vpc-1' },
};

/** What Terraform does with each of its commands, as shell; nothing by default. */
export interface FakeTerraform {
  readonly version?: string;
  readonly init?: string;
  readonly verb?: string;
  readonly output?: string;
  readonly show?: string;
}

/** A project, a Terraform and an STS, none of them real; everything that is called is in `calls`, in its order. */
export class FakeDeployment {
  readonly root = newDirectory();
  readonly stack = join(this.root, 'cdktf.out', 'stacks', 'payment-pipeline');
  readonly sts = new ScriptedServer();
  isBundled = false;
  private readonly log = join(newDirectory(), 'log');

  readonly project: Project = {
    root: this.root,
    isBundled: () => this.isBundled,
    bundle: () => this.note('bundle'),
    synthesize: (profile) => this.note(`synthesize ${profile}`),
  };

  async start(answer: Answer = KNOWN_CALLER): Promise<void> {
    mkdirSync(this.stack, { recursive: true });
    writeFileSync(this.log, '');
    this.terraform({});
    this.sts.answers(answer);
    await this.sts.start();
    process.env.AWS_ENDPOINT_URL_STS = new URL(this.sts.url).origin;
  }

  terraform({ version = '1.11.4', init = '', verb = '', output = `echo '${JSON.stringify(OUTPUTS)}'`, show = "echo '{}'" }: FakeTerraform): void {
    process.env.TERRAFORM_BINARY = fakeProgram(`
      case "$1" in
        version) echo '{"terraform_version": "${version}"}'; exit ;;
        output) ${output}; exit ;;
        show) ${show}; exit ;;
      esac
      echo "$*" >> ${this.log}
      case "$1" in
        init) :; ${init} ;;
        *) :; ${verb} ;;
      esac`);
  }

  /** In the project's root. */
  write(file: string, text: string): string {
    writeFileSync(join(this.root, file), text);
    return join(this.root, file);
  }

  get calls(): string[] {
    return readFileSync(this.log, 'utf8').split('\n').filter(Boolean);
  }

  private note(call: string): Promise<void> {
    writeFileSync(this.log, `${call}\n`, { flag: 'a' });
    return Promise.resolve();
  }
}

/** Nothing of the machine's own: neither its credentials nor its settings. */
export function isolateEnvironment(): void {
  const others = Object.entries(process.env).filter(([name]) => !/^(AWS|TF|INIT)_/.test(name));
  process.env = Object.fromEntries(others);
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/no/such/config',
    AWS_SHARED_CREDENTIALS_FILE: '/no/such/credentials',
    TF_VAR_alert_email: 'oncall@example.com',
    TF_VAR_fraud_api_url: 'https://fraud.example.internal/check',
  });
}
