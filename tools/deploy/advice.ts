import { OLDEST_TERRAFORM_FOR_S3 } from '../../src/app/settings';
import { terraformBinary } from '../terraform/terraform';
import { STACK_DIRECTORY } from '../kit/project';

const inStack = (command: string) => `${terraformBinary()} -chdir=${STACK_DIRECTORY} ${command}`;

/** Errors of Terraform, and what to do about each here. The first match counts. */
const ADVICE: readonly (readonly [said: RegExp, advice: string | ((found: RegExpExecArray) => string)])[] = [
  [
    /Error acquiring the state lock(?:[^]*?ID:\s+([\w-]+))?/,
    ([, id = 'LOCK_ID']) =>
      `Another run is at work on this state: wait for it. A lock that outlived its run goes with "${inStack(`force-unlock ${id}`)}".`,
  ],
  [
    /errored\.tfstate/,
    () =>
      `What was made is only in ${STACK_DIRECTORY}/errored.tfstate: keep that file, and save it with "${inStack('state push errored.tfstate')}" before anything else.`,
  ],
  [/error asking for approval/, 'Nothing was changed. Without a terminal, pass -auto-approve.'],
  [
    /Backend (?:configuration changed|initialization required)|state migration/i,
    'The state is to be somewhere else than before: set TF_CLI_ARGS_init=-migrate-state to take it along, or TF_CLI_ARGS_init=-reconfigure to use what is there, and run this again.',
  ],
  [
    /Saved plan (?:is stale|does not match)/i,
    'The state has changed since the plan was made: make a new one with "npx projen plan -- -out=FILE".',
  ],
  [
    /Failed to load "[^"]*" as a plan file/,
    'Nothing was changed: make a plan with "npx projen plan -- -out=FILE", with the version of Terraform that is to apply it.',
  ],
  [
    /Failed to query available provider packages|Failed to install provider/,
    'The providers cannot be downloaded: look after the network, or set TF_PLUGIN_MIRROR to a directory that has all three.',
  ],
  [
    /ExpiredToken|security token included in the request is (?:expired|invalid)/i,
    'The credentials ended on the way: renew them, and run the same command again; it continues from there.',
  ],
  [
    /lifecycle\.prevent_destroy set/,
    'Nothing was changed: the production profile lets no plan destroy or replace a queue, the table, a key or the audit bucket. Give every variable its deployed value, "environment" and "queue_name" above all. When these resources may really go, deploy once with "--profile dev" and the deployed values, which lifts the protection, and run this again with that profile.',
  ],
  [
    /deletion protection|BucketNotEmpty/i,
    'The production profile protects what is stored: when it may really go, switch that off with "npx projen deploy -- --profile dev", with the same variables, and destroy then.',
  ],
  [
    /Unsupported Terraform Core version/,
    `Install a newer Terraform: 1.5 for a local state, ${OLDEST_TERRAFORM_FOR_S3} for one in S3.`,
  ],
  [
    /Invalid value for variable|No value for required variable/i,
    'Nothing was changed: give the variables other values, and run this again.',
  ],
];

const HALF_WAY = {
  apply:
    'What was made until then is in the state, and nothing of it is lost: fix the cause, and run the same command again; it continues from there.',
  destroy:
    'What is gone until then is gone from the state, too: fix the cause, and run the same command again; it continues from there.',
};

/** One line to follow what Terraform said, if there is something to add. */
export function adviseOn(verb: string, stderr: string): string | undefined {
  const plain = inOneLine(stderr);
  for (const [said, advice] of ADVICE) {
    const found = said.exec(plain);
    if (found !== null) return typeof advice === 'string' ? advice : advice(found);
  }
  return plain.includes('Error: ') && Object.hasOwn(HALF_WAY, verb)
    ? HALF_WAY[verb as keyof typeof HALF_WAY]
    : undefined;
}

/** Terraform wraps what it says, draws a bar beside it, and colours both. */
function inOneLine(text: string): string {
  return text.replace(/\u001b\[[\d;]*m/g, '').replace(/\s+(?:[│|]\s+)?/g, ' ');
}
