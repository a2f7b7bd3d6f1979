import { DataAwsIamRole } from '@cdktf/provider-aws/lib/data-aws-iam-role';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { type App, TerraformOutput, type TerraformStack } from 'cdktf';
import { GitHubDeployRoles, PaymentPipeline } from '../../src/index';
import { REPOSITORY, STATE_BUCKET } from '../../tools/kit/stacks/deploy-roles';
import { otherProps, sharingProps, someProps } from '../../tools/kit/stacks/pipeline-props';
import { danglingReferences, type StackJson } from '../../tools/kit/stacks/references';
import { stackWithProviders, synthesizeApp } from '../../tools/kit/stacks/synthesize';
import type { Block } from '../../tools/kit/stacks/template';

interface TestContext {
  readonly app: App;
  /** The pipeline's stack. */
  readonly payments: TerraformStack;
  /** The role's stack. */
  readonly client: TerraformStack;
  readonly pipeline: PaymentPipeline;
  readonly role: IamRole;
}

const newRole = (stack: TerraformStack, id = 'sender') => new IamRole(stack, id, { name: id, assumeRolePolicy: '{}' });

/** A pipeline in one stack, a role in another, and what the app's author does with them. */
function twoStacks(build: (context: TestContext) => void) {
  return synthesizeApp((app) => {
    const [payments, client] = [stackWithProviders(app, 'payments'), stackWithProviders(app, 'client')];
    build({
      app,
      payments,
      client,
      pipeline: new PaymentPipeline(payments, 'payments', someProps()),
      role: newRole(client),
    });
  });
}

const policiesOf = ({ resource }: StackJson): Block[] => Object.values(resource.aws_iam_role_policy ?? {});
/** The policies that a grant adds, beside those of the pipeline's own roles. */
const grantedIn = (stack: StackJson) =>
  policiesOf(stack).filter(({ name }) => /-(send|read)-payments-/.test(String(name)));
const readsStateOf = ({ data = {} }: StackJson) =>
  Object.keys(data.terraform_remote_state ?? {}).map((id) => id.replace('cross_stack_reference_input_', ''));

const GRANTS = {
  grantSendPayments: (pipeline: PaymentPipeline, role: IamRole) => pipeline.grantSendPayments(role),
  grantReadPayments: (pipeline: PaymentPipeline, role: IamRole) => pipeline.grantReadPayments(role),
};

/** Other resources of the pipeline that the author of the role's stack may need. */
const USES: Record<string, (pipeline: PaymentPipeline) => string> = {
  'the URL of the queue': ({ paymentQueue }) => paymentQueue.url,
  'the name of the table': ({ paymentTable }) => paymentTable.name,
  'the ARN of a function': ({ dlqProcessor }) => dlqProcessor.arn,
  'the ARN of a key': ({ encryption }) => encryption.sqsKey.arn,
  'a subnet': ({ network }) => network.ownVpc!.subnets[0]!.id,
  'a metric': (pipeline) => pipeline.metric('PaymentsFailed').metricName,
  'nothing else': () => 'nothing',
};

/** A grant, to a role whose stack uses one of these. To find the stacks that a pipeline depends on takes a tenth of a second a grant. */
const CLIENTS = [...Object.keys(USES), 'nothing else'].map((use, index) => {
  const grant = Object.keys(GRANTS)[index % 2]!;
  return { id: `${grant}-${use.replaceAll(' ', '-')}`, grant, use };
});

describe.each(['pipeline first', 'role first'] as const)('a role of another stack (%s)', (order) => {
  const { payments, ...clients } = synthesizeApp((app) => {
    const stacks: Record<string, TerraformStack> = {};
    const ids = CLIENTS.map(({ id }) => id);
    for (const id of order === 'role first' ? [...ids, 'payments'] : ['payments', ...ids])
      stacks[id] = stackWithProviders(app, id);
    const pipeline = new PaymentPipeline(stacks.payments!, 'payments', someProps());
    for (const { id, grant, use } of CLIENTS) {
      GRANTS[grant as keyof typeof GRANTS](pipeline, newRole(stacks[id]!));
      new TerraformOutput(stacks[id]!, 'used', { value: USES[use]!(pipeline) });
    }
  });

  test.each(CLIENTS)("$grant, and the role's stack uses $use", ({ id }) => {
    const client = clients[id]!;
    expect(grantedIn(client)).toEqual([expect.objectContaining({ role: '${aws_iam_role.sender.name}' })]);
    expect(readsStateOf(client)).toEqual(['payments']);
    expect(danglingReferences(client)).toEqual([]);
  });

  test('the stack of the pipeline has none of the policies, and waits for none of the roles', () => {
    expect([grantedIn(payments!), readsStateOf(payments!), danglingReferences(payments!)]).toEqual([[], [], []]);
  });

  test('the grants name the queue and the key, read from the state of their stack', () => {
    const [document] = Object.values(clients['grantSendPayments-nothing-else']!.data!.aws_iam_policy_document!) as {
      statement: { actions: string[]; resources: string[] }[];
    }[];
    const remote = (what: string) =>
      expect.stringMatching(
        new RegExp(
          `^\\$\\{data\\.terraform_remote_state\\.cross_stack_reference_input_payments\\.outputs\\.\\w*${what}\\w*\\}$`,
        ),
      ) as string;

    expect(document!.statement.map(({ actions, resources }) => [actions, resources])).toEqual([
      [['sqs:SendMessage'], [remote('payment_queue')]],
      [['kms:GenerateDataKey', 'kms:Decrypt'], [remote('sqs_key')]],
    ]);
  });

  test("no policy of a key or of the pipeline names another stack's role", () => {
    const documents = Object.entries(payments!.data!.aws_iam_policy_document!);
    expect(documents.filter(([id]) => id.endsWith('_key_policy'))).toHaveLength(3);
    expect(JSON.stringify(documents)).not.toMatch(/sender|remote_state/);
  });
});

test('every grant twice, of two pipelines with one path, to two roles of one stack: each once', () => {
  const stacks = synthesizeApp((app) => {
    const client = stackWithProviders(app, 'client');
    const pipelines = [someProps(), otherProps()].map(
      (props, n) => new PaymentPipeline(stackWithProviders(app, `payments${n}`), 'payments', props),
    );
    for (const role of [newRole(client, 'sender'), newRole(client, 'auditor')]) {
      for (const pipeline of pipelines) {
        for (const grant of Object.values(GRANTS)) expect(grant(pipeline, role)).toBe(grant(pipeline, role));
      }
    }
  });
  const granted = grantedIn(stacks.client!).map(({ role, name }) => `${String(role)} ${String(name)}`);
  expect(new Set(granted).size).toBe(8);
  expect(granted).toHaveLength(8);
});

describe('the roles of more stacks', () => {
  const { payments, ...clients } = synthesizeApp((app) => {
    const pipeline = new PaymentPipeline(stackWithProviders(app, 'payments'), 'payments', someProps());

    const deep = stackWithProviders(app, 'deep');
    pipeline.grantSendPayments(
      new IamRole(new SqsQueue(deep, 'payments', {}), 'payments', { name: 'deep', assumeRolePolicy: '{}' }),
    );

    const waiting = stackWithProviders(app, 'waiting');
    new SqsQueue(waiting, 'waiting', { dependsOn: [pipeline.grantSendPayments(newRole(waiting))] });

    const known = stackWithProviders(app, 'known');
    const role = new DataAwsIamRole(known, 'known', { name: 'known' });
    pipeline.grantReadPayments(role as unknown as IamRole);

    const other = stackWithProviders(app, 'other');
    const provider = new AwsProvider(other, 'other', { alias: 'other' });
    pipeline.grantSendPayments(new IamRole(other, 'sender', { name: 'sender', assumeRolePolicy: '{}', provider }));
  });

  test('a role deep in constructs, one of which has the id of the pipeline', () => {
    expect([grantedIn(clients.deep!).length, grantedIn(payments!).length]).toEqual([1, 0]);
  });

  test("a resource of the role's stack can depend on the grants", () => {
    expect(danglingReferences(clients.waiting!)).toEqual([]);
    expect(clients.waiting!.resource.aws_sqs_queue!.waiting!.depends_on).toHaveLength(1);
  });

  test('a role that was there before, of which the stack knows the name', () => {
    expect(grantedIn(clients.known!)).toEqual([expect.objectContaining({ role: '${data.aws_iam_role.known.name}' })]);
  });

  test('the policy is made with the provider of the role', () => {
    expect(grantedIn(clients.other!)).toEqual([expect.objectContaining({ provider: 'aws.other' })]);
  });
});

describe("a pipeline whose stack depends on the role's: the policy stays with the pipeline, as each stack would wait for the other", () => {
  const here = ({ payments, client }: Record<string, StackJson>) => {
    expect(grantedIn(payments!)).toHaveLength(1);
    expect(grantedIn(client!)).toEqual([]);
    expect([readsStateOf(payments!), readsStateOf(client!)]).toEqual([['client'], []]);
    expect([danglingReferences(payments!), danglingReferences(client!)]).toEqual([[], []]);
  };

  test("its stack uses a resource of the role's", () => {
    here(
      twoStacks(({ payments, client, pipeline, role }) => {
        new TerraformOutput(payments, 'used', { value: new Vpc(client, 'vpc', {}).id });
        expect(pipeline.grantSendPayments(role)).toBe(pipeline.grantSendPayments(role));
      }),
    );
  });

  test('its author declared the dependency', () => {
    here(
      twoStacks(({ payments, client, pipeline, role }) => {
        payments.addDependency(client);
        pipeline.grantSendPayments(role);
      }),
    );
  });

  test("it shares the keys of a pipeline in the role's", () => {
    const stacks = synthesizeApp((app) => {
      const client = stackWithProviders(app, 'client');
      const first = new PaymentPipeline(client, 'payments', someProps());
      const second = new PaymentPipeline(
        stackWithProviders(app, 'payments'),
        'payouts',
        sharingProps(first, ['encryption']),
      );
      second.grantSendPayments(newRole(client));
    });
    here(stacks);
  });

  test("its roles are bounded by a policy of the role's", () => {
    here(
      synthesizeApp((app) => {
        const client = stackWithProviders(app, 'client');
        const { permissionsBoundary, planRole } = new GitHubDeployRoles(client, 'github', {
          repository: REPOSITORY,
          stateBucket: STATE_BUCKET,
        });
        const pipeline = new PaymentPipeline(
          stackWithProviders(app, 'payments'),
          'payments',
          someProps({ permissionsBoundaryArn: permissionsBoundary.arn }),
        );
        pipeline.grantReadPayments(planRole);
      }),
    );
  });

  test('through a stack between them', () => {
    const stacks = synthesizeApp((app) => {
      const [client, between, payments] = ['client', 'between', 'payments'].map((id) =>
        stackWithProviders(app, id),
      ) as [TerraformStack, TerraformStack, TerraformStack];
      const vpc = new Vpc(client, 'vpc', {});
      const queue = new SqsQueue(between, 'queue', { name: vpc.id });
      const pipeline = new PaymentPipeline(payments, 'payments', someProps());
      new TerraformOutput(payments, 'used', { value: queue.arn });
      pipeline.grantSendPayments(newRole(client));
    });
    expect([grantedIn(stacks.payments!).length, grantedIn(stacks.client!).length]).toEqual([1, 0]);
    expect(readsStateOf(stacks.payments!).sort()).toEqual(['between', 'client']);
  });
});
