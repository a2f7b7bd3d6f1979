import { EXISTING_VPC } from '../../../tools/kit/stacks/existing-vpc';
import { Policy, refused } from '../../../tools/kit/stacks/iam-policy';
import { arn } from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';
import { callsFor } from '../../../tools/kit/stacks/terraform-calls';

/** The roles that plan and apply. */
function rolesOf(configuration: 'roles' | 'rolesWithVpc'): [planner: Policy, applier: Policy] {
  const graph = readGraph(configuration);
  const role = (purpose: string) =>
    Policy.attachedTo(graph, graph.only('aws_iam_role', { name: `iam-role-github-${purpose}-dev` }));
  return [role('plan'), role('apply')];
}

const [planner, applier] = rolesOf('rolesWithVpc');
const pipeline = readGraph('boundedExistingNetwork');
const ofVpc = (id: string) => ({ 'ec2:Vpc': arn('ec2', `vpc/${id}`) });
const within = ['subnet/subnet-1', 'route-table/rtb-1', 'security-group/sg-1'].map((what) => arn('ec2', what));

/**
 * What AWS asks for in addition to the resource that is made, by the "resource types" of
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html. None of it has the pipeline's name.
 */
const INTO_THE_VPC = [
  ...['CreateSecurityGroup', 'CreateVpcEndpoint', 'CreateFlowLogs'].map((action) => ({
    action: `ec2:${action}`,
    on: arn('ec2', `vpc/${EXISTING_VPC.vpcId}`),
  })),
  ...['CreateVpcEndpoint', 'ModifyVpcEndpoint'].flatMap((action) =>
    within.map((on) => ({ action: `ec2:${action}`, on, context: ofVpc(EXISTING_VPC.vpcId) })),
  ),
];

test('the role that applies makes what the pipeline needs in the VPC that the props name', () => {
  const made = pipeline.made().filter(({ address }) => /^aws_(vpc_endpoint|security_group|flow_log)/.test(address));
  expect(made.length).toBeGreaterThan(10);
  for (const { read, write } of made.map((resource) => callsFor(resource, pipeline)))
    expect([refused(planner, read), refused(applier, [...read, ...write])]).toEqual([[], []]);
  expect(refused(applier, INTO_THE_VPC)).toEqual([]);
});

test('no other role does, and the role that applies in no other VPC', () => {
  for (const role of [planner, ...rolesOf('roles')])
    expect(INTO_THE_VPC.filter((request) => role.allows(request))).toEqual([]);
  for (const request of INTO_THE_VPC) {
    const elsewhere = 'context' in request ? { context: ofVpc('vpc-2') } : { on: arn('ec2', 'vpc/vpc-2') };
    expect(applier.alsoAllows(request, elsewhere)).toEqual([]);
  }
});

test('nothing of the VPC can be changed, deleted or named', () => {
  const actions = ['DeleteVpc', 'ModifyVpcAttribute', 'DeleteSubnet', 'DeleteRouteTable', 'ReplaceRoute', 'CreateTags'];
  const changes = [...within, arn('ec2', `vpc/${EXISTING_VPC.vpcId}`)].flatMap((on) =>
    [...actions, 'DeleteSecurityGroup', 'AuthorizeSecurityGroupIngress'].map((action) => ({
      action: `ec2:${action}`,
      on,
      context: ofVpc(EXISTING_VPC.vpcId),
    })),
  );
  expect(changes.filter((request) => applier.allows(request))).toEqual([]);
});
