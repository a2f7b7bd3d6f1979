import { Policy, refused } from '../../../tools/kit/stacks/iam-policy';
import { REGION } from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';
import { callsFor } from '../../../tools/kit/stacks/terraform-calls';

/** The roles that plan and apply. */
function rolesOf(configuration: 'roles' | 'rolesWithPrivateLink'): [planner: Policy, applier: Policy] {
  const graph = readGraph(configuration);
  const role = (purpose: string) =>
    Policy.attachedTo(graph, graph.only('aws_iam_role', { name: `iam-role-github-${purpose}-dev` }));
  return [role('plan'), role('apply')];
}

const isGetChange = ({ action }: { action: string }) => action === 'route53:GetChange';

const [planner, applier] = rolesOf('rolesWithPrivateLink');
const linked = readGraph('boundedPrivateLink');
const added = linked.made().filter(({ address }) => address.startsWith('aws_') && address.includes('fraud_api'));

test('PrivateLink has a zone, a record, an endpoint and its security group', () => {
  expect(added.map(({ address }) => address.split('.')[0]).sort()).toEqual([
    'aws_route53_record',
    'aws_route53_zone',
    'aws_security_group',
    'aws_security_group_rule',
    'aws_vpc_endpoint',
  ]);
});

test('it is read by both roles and written by the one that applies, if the props name its host', () => {
  for (const resource of added) {
    const { read, write } = callsFor(resource, linked);
    expect([refused(planner, read), refused(applier, [...read, ...write])]).toEqual([[], []]);
    expect(write.filter((request) => planner.allows(request) && !isGetChange(request))).toEqual([]);
  }
});

test('it needs the host: without it no role may do anything in Route 53', () => {
  for (const role of rolesOf('roles'))
    expect(role.grants().filter(({ action }) => action.startsWith('route53:'))).toEqual([]);
});

// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html
test("it opens no public zone, no other region's VPC and no other record", () => {
  const create = {
    action: 'route53:CreateHostedZone',
    on: '*',
    context: { 'route53:VPCs': `VPCId=vpc-1,VPCRegion=${REGION}` },
  };
  expect(applier.allows(create)).toBe(true);
  expect(applier.allows({ ...create, context: {} })).toBe(false);
  expect(applier.alsoAllows(create, { context: { 'route53:VPCs': 'VPCId=vpc-1,VPCRegion=eu-west-1' } })).toEqual([]);
  const name = 'route53:ChangeResourceRecordSetsNormalizedRecordNames';
  const type = 'route53:ChangeResourceRecordSetsRecordTypes';
  const change = {
    action: 'route53:ChangeResourceRecordSets',
    on: 'arn:aws:route53:::hostedzone/Z1',
    context: { [name]: 'fraud.example', [type]: 'A' },
  };
  expect(applier.allows(change)).toBe(true);
  expect(applier.alsoAllows(change, { context: { [name]: 'www.example' } }, { context: { [type]: 'MX' } })).toEqual([]);
});
