import * as at from '../addresses';
import type { Row } from '../row';

const ENDPOINT_POLICIES = ['sqs', 'lambda', 'logs', 'sns', 'dynamodb'].map(
  (service) => [service, `payments_network_${service}_endpoint`] as const,
);

/** What the processor calls its services through. */
const PATHS = [
  ...at.ROUTE_TABLE_ASSOCIATIONS,
  at.DYNAMODB_ENDPOINT,
  ...at.INTERFACE_ENDPOINTS,
  ...[at.ENDPOINT_INGRESS, at.ENDPOINT_EGRESS, at.FUNCTION_EGRESS, at.FUNCTION_EGRESS_DYNAMODB],
];

/** Additions to the request around the endpoints. */
export const beyondNetwork: readonly Row[] = [
  {
    demand: 'Nothing leaves the network for another AWS account',
    met: "A policy on each endpoint: this AWS account's principals may use this AWS account's resources. A PrivateLink endpoint has none, as AWS takes none.",
    resources: ENDPOINT_POLICIES.flatMap(([, id]) => [`aws_vpc_endpoint.${id}`, at.documentOf(`${id}_policy`)]),
    shows: (stack) => {
      for (const [service, id] of ENDPOINT_POLICIES) {
        expect(stack.at(`aws_vpc_endpoint.${id}`).policy).toBe(`${at.documentOf(`${id}_policy`)}.json`);
        expect(stack.statements(`${id}_policy`)).toEqual([
          {
            sid: 'OwnResources',
            actions: [`${service}:*`],
            resources: ['*'],
            principals: [{ type: '*', identifiers: ['*'] }],
            condition: ['aws:PrincipalAccount', 'aws:ResourceAccount'].map((variable) => ({
              test: 'StringEquals',
              variable,
              values: ['ACCOUNT_ID'],
            })),
          },
        ]);
      }
    },
  },
  {
    demand: 'Payments are delivered only when the processor can reach all services',
    met: 'The event source mapping waits for endpoints, routes and rules: a payment that waits already would otherwise lose receives during the first apply.',
    resources: [at.EVENT_SOURCE, ...PATHS],
    shows: (stack) => {
      const paths = stack.at(at.EVENT_SOURCE).depends_on as string[];
      expect([...paths].sort()).toEqual([at.policyOf(at.PROCESSOR_ID), ...PATHS].sort());
    },
  },
  {
    demand: "Lambda may delete a function's network interfaces until they are gone",
    met: "The functions' security group, whose deletion waits for the interfaces, is deleted before the policies of the functions' roles.",
    resources: [at.FUNCTION_GROUP, ...[at.PROCESSOR_ID, at.DLQ_PROCESSOR_ID].map(at.policyOf)],
    shows: (stack) => {
      expect(stack.at(at.FUNCTION_GROUP).depends_on).toEqual([at.PROCESSOR_ID, at.DLQ_PROCESSOR_ID].map(at.policyOf));
    },
  },
];
