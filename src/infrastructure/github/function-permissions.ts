import { condition, type Statement } from '../policy';
import { functionArns, roleArn, serviceRoles, type PermissionSet, type PipelineArns } from './permission-set';

const READ_FUNCTIONS = [
  'GetFunction',
  'GetFunctionCodeSigningConfig',
  'GetFunctionConcurrency',
  'GetFunctionConfiguration',
  'GetPolicy',
  'ListTags',
  'ListVersionsByFunction',
];
const WRITE_FUNCTIONS = [
  ...[
    'CreateFunction',
    'UpdateFunctionCode',
    'UpdateFunctionConfiguration',
    'PutFunctionConcurrency',
    'DeleteFunctionConcurrency',
  ],
  ...['TagResource', 'UntagResource', 'DeleteFunction'],
];
const READ_ROLES = [
  'GetRole',
  'GetRolePolicy',
  'ListAttachedRolePolicies',
  'ListInstanceProfilesForRole',
  'ListRolePolicies',
  'ListRoleTags',
];
const WRITE_ROLES = [
  'UpdateAssumeRolePolicy',
  'UpdateRole',
  'UpdateRoleDescription',
  'TagRole',
  'UntagRole',
  'DeleteRolePolicy',
  'DeleteRole',
];
/** Actions that could extend a role's permissions: allowed only while the role has the boundary. */
const EMPOWER_ROLES = ['CreateRole', 'PutRolePolicy', 'PutRolePermissionsBoundary'];

/**
 * The functions and the roles of the pipeline's services. No function can be called, and only EventBridge can be allowed to call one.
 * @param boundaryArn ARN of the policy that bounds every role
 */
export function functionPermissions(target: PipelineArns, boundaryArn: string): PermissionSet {
  const { deployment } = target;
  const functions = functionArns(target);
  const mappings = [deployment.arn('lambda', 'event-source-mapping:*')];
  const ofFunctions = condition('ArnEquals', 'lambda:FunctionArn', ...functions);
  const here = condition('StringEquals', 'aws:RequestedRegion', deployment.region);
  const roles = serviceRoles(target).map((role) => roleArn(target, role));
  return {
    read: [
      { sid: 'ReadFunctions', actions: READ_FUNCTIONS.map((action) => `lambda:${action}`), resources: functions },
      { sid: 'ReadEventSources', actions: ['lambda:GetEventSourceMapping', 'lambda:ListTags'], resources: mappings },
      // plan and deploy compare it with max_concurrency. The action has no resource.
      { sid: 'ReadConcurrencyQuota', actions: ['lambda:GetAccountSettings'], resources: ['*'], condition: [here] },
      { sid: 'ReadRoles', actions: READ_ROLES.map((action) => `iam:${action}`), resources: roles },
    ],
    write: [
      { sid: 'WriteFunctions', actions: WRITE_FUNCTIONS.map((action) => `lambda:${action}`), resources: functions },
      {
        sid: 'PermitSchedules',
        actions: ['lambda:AddPermission', 'lambda:RemovePermission'],
        resources: functions,
        // https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
        condition: [condition('StringEquals', 'lambda:Principal', 'events.amazonaws.com')],
      },
      {
        sid: 'WriteEventSources',
        actions: ['CreateEventSourceMapping', 'UpdateEventSourceMapping', 'DeleteEventSourceMapping'].map(
          (action) => `lambda:${action}`,
        ),
        resources: ['*'],
        condition: [ofFunctions, here],
      },
      { sid: 'TagEventSources', actions: ['lambda:TagResource', 'lambda:UntagResource'], resources: mappings },
      { sid: 'WriteRoles', actions: WRITE_ROLES.map((action) => `iam:${action}`), resources: roles },
      {
        sid: 'EmpowerRoles',
        actions: EMPOWER_ROLES.map((action) => `iam:${action}`),
        resources: roles,
        condition: [condition('StringEquals', 'iam:PermissionsBoundary', boundaryArn)],
      },
      ...passRoles(target),
    ],
  };
}

/** Allows passing each role to the service that assumes it, and to no other. */
function passRoles(target: PipelineArns): Statement[] {
  const { paymentProcessor, dlqProcessor, flowLogs, cloudTrail, snsDeliveryStatus } = target.names;
  const pass = (sid: string, service: string, ...roles: { readonly role: string }[]): Statement => ({
    sid,
    actions: ['iam:PassRole'],
    resources: roles.map(({ role }) => roleArn(target, role)),
    condition: [condition('StringEquals', 'iam:PassedToService', service)],
  });
  return [
    pass('PassToLambda', 'lambda.amazonaws.com', paymentProcessor, dlqProcessor),
    pass('PassToFlowLogs', 'vpc-flow-logs.amazonaws.com', flowLogs),
    pass('PassToCloudTrail', 'cloudtrail.amazonaws.com', cloudTrail),
    pass('PassToSns', 'sns.amazonaws.com', snsDeliveryStatus),
  ];
}
