import { CommandError } from '../../../src/cli/command-error';
import objectPlugin from '@jsep-plugin/object';
import jsep from 'jsep';
import { splitTemplate } from './expression';

jsep.plugins.register(objectPlugin);
jsep.addBinaryOp('=', 0.9, true); // as HCL assigns an object's members; jsep takes 0.9 for an assignment

/** Returns the value at a path to which an expression refers, such as `aws_sqs_queue.payments_queue.arn`. */
export type Scope = (path: readonly string[]) => unknown;

/** The stack uses a Terraform expression that `evaluate` does not know. */
export class TerraformExpressionError extends CommandError {}

/**
 * Evaluates every `${...}` in the strings of a value of Terraform JSON, at any depth. It knows the expressions that the
 * stacks use: references, literals, arithmetic, conditions, `==`, lists, objects and some functions.
 * @throws TerraformExpressionError naming an expression of any other kind
 */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return evaluateTemplate(value, scope);
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluate(item, scope)]));
}

function evaluateTemplate(text: string, scope: Scope): unknown {
  const values = splitTemplate(text).map((part) =>
    /^[$%]\{/.test(part) ? evaluateExpression(part, scope) : part.replace(/([$%])\1(?=\{)/g, '$1'),
  );
  // A string that is one expression has that expression's type.
  return values.length === 1 ? values[0] : values.map(String).join('');
}

function evaluateExpression(source: string, scope: Scope): unknown {
  const expression = /^\$\{([^]*)\}$/.exec(source)?.[1];
  if (expression === undefined) return refuse(source);
  return evaluateNode(jsep(expression), source, scope);
}

function evaluateNode(node: jsep.Expression, source: string, scope: Scope): unknown {
  const value = (child: unknown): unknown => evaluateNode(child as jsep.Expression, source, scope);
  switch (node.type) {
    case 'Literal':
      return evaluate(node.value, scope); // a text is a template here, too
    case 'Identifier':
    case 'MemberExpression':
      return scope(pathOf(node, source));
    case 'ArrayExpression':
      return (node.elements as unknown[]).map(value);
    case 'ObjectExpression':
      return Object.fromEntries(
        (node.properties as jsep.BinaryExpression[]).map(({ left, right }) => [left.value ?? left.name, value(right)]),
      );
    case 'ConditionalExpression':
      return value(value(node.test) ? node.consequent : node.alternate);
    case 'UnaryExpression':
      return node.operator === '-' ? -Number(value(node.argument)) : refuse(source);
    case 'BinaryExpression':
      if (node.operator === '==') return value(node.left) === value(node.right);
      return (ARITHMETIC[node.operator as string] ?? refuse(source))(
        Number(value(node.left)),
        Number(value(node.right)),
      );
    case 'CallExpression':
      return (
        (FUNCTIONS[(node.callee as jsep.Expression).name as string] ?? refuse(source))(
          ...(node.arguments as unknown[]).map(value),
        ) ?? refuse(source)
      );
    default:
      return refuse(source);
  }
}

const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

const FUNCTIONS: Readonly<Record<string, (...values: unknown[]) => unknown>> = {
  coalesce: (...values) => values.find((value) => value !== null && value !== ''),
  element: (list, index) => (Array.isArray(list) ? (list as unknown[])[Number(index) % list.length] : undefined),
  join: (separator, list) => (list as unknown[]).join(String(separator)),
  jsonencode: (value) => JSON.stringify(value),
  split: (separator, text) => String(text).split(String(separator)),
  tostring: (value) => String(value),
};

function pathOf(node: jsep.Expression, source: string): string[] {
  if (node.type === 'Identifier') return [node.name as string];
  if (node.type !== 'MemberExpression') return refuse(source);
  return [...pathOf(node.object as jsep.Expression, source), (node.property as jsep.Expression).name as string];
}

function refuse(source: string): never {
  throw new TerraformExpressionError(`The stack's expression ${source} cannot be evaluated: it is of an unknown kind.`);
}
