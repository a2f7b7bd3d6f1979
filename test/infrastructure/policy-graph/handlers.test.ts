import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDlqProcessorEnvironment, readProcessorEnvironment } from '../../../src/contract/environment';
import { actionOf, type Call, CALLS, type Handler, HANDLERS } from '../../../src/contract/function-calls';
import { bundledOperations, importedOperations } from '../../../tools/kit/stacks/handler-operations';
import { type HandlerFunction, handlerFunctions } from '../../../tools/kit/stacks/handler-functions';
import { Policy } from '../../../tools/kit/stacks/iam-policy';
import {
  API_KEY_KMS_KEY_ARN,
  API_KEY_SECRET_ARN,
  REGION,
  type StackGraph,
} from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';
import { NETWORK_INTERFACE_ACTIONS, UNUSED, type Unused } from '../../../tools/kit/stacks/unused-permissions';

type Variables = Readonly<Record<string, string>>;

const READERS: Record<Handler, (environment: Variables) => unknown> = {
  'payment-processor': readProcessorEnvironment,
  'dlq-processor': readDlqProcessorEnvironment,
};

/** The permission of a function whose API key is encrypted with a customer's own key. */
const DECRYPT_API_KEY: Unused = {
  because: 'API key: Secrets Manager uses its key in the name of the reader',
  actions: ['kms:Decrypt'],
  on: [API_KEY_KMS_KEY_ARN],
};

const deployed = readGraph('deployed');
const withKey = readGraph('apiKey');
const withOutcomes = readGraph('outcomes');

describe.each([
  ['the deployed stack', deployed, UNUSED],
  ['a stack with outcomes', withOutcomes, UNUSED],
  [
    'a stack with an API key',
    withKey,
    { ...UNUSED, 'payment-processor': [...UNUSED['payment-processor'], DECRYPT_API_KEY] },
  ],
] as const)('%s', (_, graph, unused) => {
  describe.each(handlerFunctions(graph))('$handler', (lambda) => {
    const policy = policyOf(graph, lambda);
    const granted = policy.grants().map(({ action, on }) => `${action} on ${graph.readable(on)}`);
    const used = lambda.calls.map((call) => `${actionOf(call)} on ${graph.readable(targetOf(graph, lambda, call))}`);
    const named = unused[lambda.handler];

    test.each(lambda.calls)(
      'each AWS call is allowed on what it is sent to, and on nothing else: $operation',
      (call) => {
        const on = targetOf(graph, lambda, call);
        expect(policy.allows({ action: actionOf(call), on })).toBe(true);
        expect(policy.alsoAllows({ action: actionOf(call), on }, { on: `${on}-2` })).toEqual([]);
      },
    );

    test('each action that is allowed is used, or named with its reason', () => {
      const known = [...used, ...named.flatMap(pairs)];
      expect(granted.filter((pair) => !known.includes(pair))).toEqual([]);
    });

    test.each(named)('a listed permission is still allowed, and still unused: $because', (entry) => {
      expect(pairs(entry).filter((pair) => !granted.includes(pair) || used.includes(pair))).toEqual([]);
    });

    test('its code may not do with network interfaces what Lambda does with its role', () => {
      for (const action of NETWORK_INTERFACE_ACTIONS) {
        expect([action, policy.allows({ action, on: '*' })]).toEqual([action, true]);
        expect([
          action,
          policy.allows({ action, on: '*', context: { 'lambda:SourceFunctionArn': lambda.arn } }),
        ]).toEqual([action, false]);
      }
    });
  });
});

describe('the API key', () => {
  const reading = (graph: StackGraph) => {
    const grants = handlerFunctions(graph).flatMap((lambda) => policyOf(graph, lambda).grants());
    return grants.filter(({ action }) => action.startsWith('secretsmanager:'));
  };
  const endpoint = { service_name: `com.amazonaws.${REGION}.secretsmanager` };

  test('may be read by the processor, through an endpoint of its own', () => {
    expect(reading(withKey)).toEqual([{ action: 'secretsmanager:GetSecretValue', on: API_KEY_SECRET_ARN }]);
    expect(withKey.find('aws_vpc_endpoint', endpoint)).toHaveLength(1);
  });

  test('is no concern of a stack without it', () => {
    expect(reading(deployed)).toEqual([]);
    expect(deployed.find('aws_vpc_endpoint', endpoint)).toEqual([]);
  });
});

describe.each(HANDLERS)('the bundle of the %s', (handler) => {
  const calls = CALLS[handler].map(({ operation }) => operation);
  const bundled = bundledOperations(handler);

  test('each operation that its modules import is among the calls of function-calls.ts, and the reverse', () => {
    expect(new Set(importedOperations(handler))).toEqual(new Set(calls));
  });

  test.each(calls)('holds each call: %s', (operation) => {
    expect(bundled).toContain(operation);
  });

  test('holds nothing else but what the client and document client of DynamoDB bring along', () => {
    const broughtAlong = ['dynamodb:DescribeEndpoints', 'dynamodb:Query', 'dynamodb:Scan'];
    expect(bundled.filter((operation) => ![...calls, ...broughtAlong].includes(operation))).toEqual([]);
  });
});

describe.each(handlerFunctions(withKey))(
  'the environment of the $handler',
  ({ handler, environment: { variables } }) => {
    const read = namesRead(READERS[handler]);
    const bundle = readFileSync(join(__dirname, '../../../assets', handler, 'index.mjs'), 'utf8');
    const withTopic = handlerFunctions(withOutcomes).find((other) => other.handler === handler)!.environment.variables;

    test.each(read)('each variable that the handler reads is set by the function: %s', (name) => {
      expect({ ...withTopic, ...variables }).toHaveProperty(name);
    });

    test.each(Object.keys(variables))('each variable that the function sets is read by the handler: %s', (name) => {
      expect(read).toContain(name);
      expect(bundle).toContain(name);
    });
  },
);

/** Variables that a function has with a prop of its own alone. */
const OPTIONAL = {
  'payment-processor': ['FRAUD_API_ADAPTER', 'FRAUD_API_KEY_SECRET_ARN', 'MAX_PAYMENT_AGE_HOURS', 'OUTCOME_TOPIC_ARN'],
  'dlq-processor': ['OUTCOME_TOPIC_ARN'],
};

describe.each(handlerFunctions(deployed))(
  'the environment of the $handler, as it is deployed',
  ({ handler, environment: { variables } }) => {
    test('accepts the values that are set', () => {
      expect(() => READERS[handler](variables)).not.toThrow();
    });

    test('lacks nothing but the values of props that it does not have', () => {
      const lacking = namesRead(READERS[handler]).filter((name) => variables[name] === undefined);
      expect(lacking.sort()).toEqual(OPTIONAL[handler]);
    });
  },
);

function policyOf(graph: StackGraph, { role }: HandlerFunction): Policy {
  return Policy.ofRole(graph, graph.at('aws_iam_role', role));
}

/** The ARN that a call needs permission for. */
function targetOf(graph: StackGraph, { environment }: HandlerFunction, { operation, to, index }: Call): string {
  const value = environment.variables[to]!;
  if (operation.startsWith('sqs:')) return graph.at('aws_sqs_queue', value).arn;
  if (/^(secretsmanager|sns):/.test(operation)) return value;
  const table = graph.only('aws_dynamodb_table', { name: value }).arn;
  return index === undefined ? table : `${table}/index/${index}`;
}

function pairs({ actions, on }: Unused): string[] {
  return actions.flatMap((action) => on.map((resource) => `${action} on ${resource}`));
}

/** Tells by asking with an empty environment, which the reader refuses once it has looked for everything. */
function namesRead(reader: (environment: Variables) => unknown): string[] {
  const names = new Set<string | symbol>();
  const note = (_: object, name: string | symbol) => names.add(name) && undefined;
  const noted = new Proxy({}, { get: note, has: (environment, name) => note(environment, name) === undefined });
  expect(() => reader(noted)).toThrow('is missing');
  return [...names].map(String);
}
