import { readTemplate } from '../../../tools/kit/stacks/stacks';

/**
 * `element` wraps around: with two zones the third subnet would be in the first zone again. An interface endpoint takes one subnet in
 * a zone (https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html); AWS refuses another with
 * DuplicateSubnetsInSameZone (https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/583).
 */
/**
 * Names of zones differ between AWS accounts: any of the first three may be this one. It lacks newer hardware
 * (https://wolfman.dev/posts/exclude-use1-az3/). Lambda refused subnets of a zone of us-east-1
 * (https://github.com/keboola/developer-portal/issues/81), and PrivateLink an endpoint for Lambda there
 * (https://github.com/awslabs/aws-orbit-workbench/issues/320).
 */
test('the zone of us-east-1 that lacks services is left out', () => {
  expect(readTemplate('deployed').data('aws_availability_zones', 'available').exclude_zone_ids).toEqual(['use1-az3']);
});

test('a plan fails in words where the AWS account has fewer availability zones than the network has subnets', () => {
  const template = readTemplate('deployed');
  const subnets = Object.values(template.json.resource.aws_subnet!);
  const { lifecycle } = template.data('aws_availability_zones', 'available');
  expect(lifecycle).toEqual({
    postcondition: [
      {
        condition: `\${(length(self.names) >= ${subnets.length})}`,
        error_message: expect.stringMatching(/3 availability zones.*\$\{length\(self\.names\)\}.*another region/),
      },
    ],
  });
});
