import type { FlowLog, VpcEndpoint } from '@aws-sdk/client-ec2';
import { CALLS, HANDLERS } from '../../contract/function-calls';
import type { Pipeline } from '../pipeline';
import { type Check, defineCheck, DEPLOY_AGAIN, type Finding } from './check';
import { dlqProcessor, paymentProcessor, variablesOf } from './functions';
import { defineRead } from './read';

/** EC2 lists an endpoint for a while after its deletion. */
const GONE = ['deleting', 'deleted'];

const endpoints = defineRead({
  action: 'ec2:DescribeVpcEndpoints',
  subject: () => 'VPC endpoints',
  needs: { paymentProcessor },
  send: async ({ ec2 }, found) => {
    const { VpcEndpoints } = await ec2.describeVpcEndpoints({
      Filters: [{ Name: 'vpc-id', Values: [found.paymentProcessor.VpcConfig?.VpcId ?? ''] }],
    });
    return (VpcEndpoints ?? []).filter(({ State }) => !GONE.includes(String(State).toLowerCase()));
  },
});

const flowLogs = defineRead({
  action: 'ec2:DescribeFlowLogs',
  subject: () => 'flow logs',
  needs: { paymentProcessor },
  send: async ({ ec2 }, found) => {
    const { FlowLogs } = await ec2.describeFlowLogs({
      Filter: [{ Name: 'resource-id', Values: [found.paymentProcessor.VpcConfig?.VpcId ?? ''] }],
    });
    return FlowLogs ?? [];
  },
});

/** How the names of the pipeline's endpoints begin, which are their tags `Name`. A VPC that others use, too, has endpoints of other names. */
const OWN_NAME = 'vpce-';

/** Names alone don't tell what an existing network leaves out. */
const DEPLOY_OR_NAME = `In an existing network that leaves it out, verify with --outputs. Otherwise: ${DEPLOY_AGAIN}`;

/** The destinations of the two flow logs of a network. */
const FLOW_LOG_DESTINATIONS = { s3: 'the audit bucket', 'cloud-watch-logs': 'CloudWatch Logs' };

export const NETWORK_CHECKS: readonly Check[] = [
  defineCheck({
    name: 'Endpoints: available',
    needs: { endpoints },
    judge: (found) => found.endpoints.filter(isOwn).flatMap(stateFindings),
  }),
  defineCheck({
    name: 'Endpoints: one for each service, in every subnet',
    needs: { endpoints, paymentProcessor, dlqProcessor },
    judge: (found, { pipeline }) => {
      const { SubnetIds = [] } = found.paymentProcessor.VpcConfig ?? {};
      const variables = { ...variablesOf(found.paymentProcessor), ...variablesOf(found.dlqProcessor) };
      const { network } = pipeline.expected();
      return servicesOf(variables)
        .filter((service) => network === undefined || network.endpoints.includes(service))
        .flatMap((service) => {
          const endpoints = found.endpoints.filter(({ ServiceName }) => ServiceName?.endsWith(`.${service}`));
          const endpoint = endpoints.find(isOwn) ?? endpoints[0];
          if (endpoint !== undefined) return reachFindings(service, endpoint, SubnetIds, variables);
          const absent = `The VPC has no endpoint for ${service}: the functions cannot call it.`;
          return [{ found: absent, whatToDo: whatIfAbsent(pipeline) }];
        });
    },
  }),
  defineCheck({
    name: 'Flow logs: active',
    needs: { flowLogs },
    judge: (found, { pipeline }) =>
      pipeline.expected().network?.flowLogs === false
        ? []
        : Object.entries(FLOW_LOG_DESTINATIONS).flatMap(([type, destination]) =>
            flowLogFindings(
              destination,
              found.flowLogs.filter(({ LogDestinationType }) => LogDestinationType === type),
              whatIfAbsent(pipeline),
            ),
          ),
  }),
];

function whatIfAbsent(pipeline: Pipeline): string {
  return pipeline.expected().network === undefined ? DEPLOY_OR_NAME : DEPLOY_AGAIN;
}

/** The services that the functions call with these variables, as in the names of endpoints. */
function servicesOf(variables: Readonly<Partial<Record<string, string>>>): readonly string[] {
  const calls = HANDLERS.flatMap((handler) => CALLS[handler]).filter(({ to }) => variables[to] !== undefined);
  return [...new Set(calls.map(({ operation }) => operation.split(':')[0]!))];
}

function isOwn({ Tags = [] }: VpcEndpoint): boolean {
  return Tags.some(({ Key, Value }) => Key === 'Name' && Value?.startsWith(OWN_NAME));
}

/** EC2's states are in lower case, or begin with a capital letter. */
function stateFindings({ VpcEndpointId = '', ServiceName = '', State }: VpcEndpoint): readonly Finding[] {
  const state = String(State).toLowerCase();
  if (state === 'available') return [];
  const found = `The endpoint ${VpcEndpointId} for ${ServiceName} is ${String(State)}.`;
  if (state === 'pending') return [{ found, whatToDo: 'Wait some minutes, and verify again.' }];
  return [
    {
      found,
      whatToDo:
        state === 'pendingacceptance'
          ? 'Ask the owner of the service to accept the connection.'
          : 'Delete the endpoint, and deploy again. If the service has another owner, ask whether it exists and admits this AWS account.',
    },
  ];
}

function reachFindings(
  service: string,
  { VpcEndpointType, RouteTableIds = [], SubnetIds = [], PrivateDnsEnabled }: VpcEndpoint,
  functionSubnets: readonly string[],
  variables: Readonly<Partial<Record<string, string>>>,
): readonly Finding[] {
  if (VpcEndpointType === 'Gateway')
    return RouteTableIds.length > 0
      ? []
      : [{ found: `No route table leads to the endpoint for ${service}.`, whatToDo: DEPLOY_AGAIN }];
  const missing = functionSubnets.filter((subnet) => !SubnetIds.includes(subnet));
  return [
    ...(missing.length === 0
      ? []
      : [{ found: `The endpoint for ${service} is not in ${missing.join(', ')}.`, whatToDo: DEPLOY_AGAIN }]),
    ...(PrivateDnsEnabled === true || variables[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] !== undefined
      ? []
      : [{ found: `The endpoint for ${service} has no private DNS name.`, whatToDo: DEPLOY_AGAIN }]),
  ];
}

/** One sound flow log is enough: somebody else may have added others. */
function flowLogFindings(destination: string, flowLogs: readonly FlowLog[], whatIfAbsent: string): readonly Finding[] {
  if (flowLogs.length === 0) return [{ found: `The VPC has no flow log to ${destination}.`, whatToDo: whatIfAbsent }];
  const faulty = flowLogs.map((flowLog) => ({ id: flowLog.FlowLogId ?? '', faults: faultsOf(flowLog) }));
  if (faulty.some(({ faults }) => faults.length === 0)) return [];
  return faulty.map(({ id, faults }) => ({
    found: `The flow log ${id} to ${destination} ${faults.join(', and ')}.`,
    whatToDo: DEPLOY_AGAIN,
  }));
}

function faultsOf({ FlowLogStatus, DeliverLogsErrorMessage, TrafficType }: FlowLog): readonly string[] {
  return [
    ...(FlowLogStatus === 'ACTIVE' ? [] : [`is ${FlowLogStatus ?? 'in no state'}`]),
    ...(TrafficType === 'ALL' ? [] : [`takes ${TrafficType ?? 'unknown'} traffic, not ALL`]),
    ...(DeliverLogsErrorMessage === undefined ? [] : [`cannot deliver: ${DeliverLogsErrorMessage}`]),
  ];
}
