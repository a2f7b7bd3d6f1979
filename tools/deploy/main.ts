import { EXIT } from '../../src/cli/command-error';
import { type HelpText, program, type Program, runAsProcess } from '../../src/cli/program';
import { profileOption } from '../../src/app/settings';
import { directoryOfUser, type Project, thisProject } from '../kit/project';
import { TERRAFORM_ENVIRONMENT } from '../terraform/terraform';
import { has, readRequest, type TaskOptions } from './request';
import { TerraformTask, type Verb } from './terraform-task';

const COMMON = {
  lists: {
    Variables: {
      'alert_email, fraud_api_url':
        "required: by -var, by TF_VAR_<name>, or in a file of the project's root (terraform.tfvars, terraform.tfvars.json, *.auto.tfvars, *.auto.tfvars.json, and, with TF_VAR_environment=dev, dev.tfvars), all of which Terraform is given. The command line overrides them",
    },
    Environment: {
      AWS_PROFILE:
        'credentials, as for the AWS CLI; AWS_ACCESS_KEY_ID and others likewise. The region is that of the stack',
      AWS_ACCOUNT_ID: 'refuse any other AWS account',
      HTTPS_PROXY: 'the proxy to AWS; NO_PROXY lists the hosts that are called without it',
      TF_STATE_BUCKET:
        'keep the state in this S3 bucket, locked and encrypted, rather than in payment-pipeline.tfstate; needs Terraform 1.10. TF_STATE_KEY and TF_STATE_REGION say where in it',
      TF_STATE_PATH: 'another file for a local state, relative to cdktf.out/stacks/payment-pipeline',
      ...TERRAFORM_ENVIRONMENT,
    },
  },
  exitCodes: { failed: 'Terraform failed; its other codes are passed on', usageError: 'nothing was touched' },
};

const TASKS: Readonly<Record<string, { readonly verb: Verb; readonly text: Omit<HelpText, keyof typeof COMMON> }>> = {
  plan: {
    verb: 'plan',
    text: {
      description: 'Show what Terraform would change. Bundles the functions and synthesizes the stack first.',
      examples: [
        'npx projen plan',
        'npx projen plan -- -var=alert_email=oncall@example.com',
        'npx projen plan -- --profile production -var-file=prod.tfvars -out=p.tfplan',
      ],
    },
  },
  deploy: {
    verb: 'apply',
    text: {
      description: [
        'Let Terraform apply the stack, and show the outputs. Bundles the functions and synthesizes the stack first. Terraform asks before it changes anything.',
        'A saved plan is applied as it is: nothing is built, and the variables are those of the plan. It needs the whole directory cdktf.out/stacks/payment-pipeline from where it was made, hidden files too, and the state where that is a file.',
      ],
      examples: [
        'npx projen deploy',
        'npx projen deploy -- -auto-approve -input=false',
        'npx projen deploy -- --profile production -var-file=production.tfvars',
        'npx projen deploy -- production.tfplan',
      ],
    },
  },
  destroy: {
    verb: 'destroy',
    text: {
      description: [
        'Let Terraform destroy what the state has. Terraform asks first.',
        'Needs no variables, and bundles the functions only if they were never bundled. While the production profile protects something, nothing is destroyed: deploy with --profile dev before.',
      ],
      examples: [
        'npx projen destroy',
        'npx projen destroy -- -auto-approve',
        'TF_STATE_BUCKET=my-states npx projen destroy',
      ],
    },
  },
};

/** The tasks `plan`, `deploy` and `destroy`. */
export function deployProgram(project: Project = thisProject): Program {
  const root = program('npx projen', {
    description: 'Run Terraform on the synthesized stack.',
    exitCodes: COMMON.exitCodes,
    examples: ['npx projen plan --help'],
  }).eachCommandIsTask();
  for (const [name, { verb, text }] of Object.entries(TASKS)) {
    const task = root.command(name).describe({ ...COMMON, ...text });
    task
      .argument(
        '[terraform...]',
        "Terraform's options, such as -var, -var-file, -target; for deploy also a saved plan. Paths are relative to your directory",
      )
      .allowUnknownOption()
      .addOption(profileOption())
      .option('--synthesized', 'build nothing: take the stack in cdktf.out as it is; --profile has no effect')
      .work((options: TaskOptions, terminal, args: string[]) => {
        const request = readRequest(args, directoryOfUser());
        if (!has(request, '-help')) return new TerraformTask(verb, options, request, project, terminal).run();
        terminal.stdout.write(task.helpInformation());
        return EXIT.success;
      });
  }
  return root;
}

if (require.main === module) runAsProcess(deployProgram());
