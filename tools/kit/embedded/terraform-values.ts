import objectPlugin from '@jsep-plugin/object';
import jsep from 'jsep';

jsep.plugins.register(objectPlugin);

/** What an expression may refer to: the value at a path such as `aws_sqs_queue.payments_queue.arn`. */
export type Scope = (path: readonly string[]) => unknown;

/** The stack uses a Terraform expression that the embedded pipeline cannot read. */
export class TerraformExpressionError extends Error {
  override readonly name = 'TerraformExpressionError';
}

/**
 * Evaluates what Terraform JSON holds: every `${...}` within strings, at any depth. Knows the expressions that the
 * stack uses: references, literals, arithmetic, conditions, lists, objects and `jsonencode`.
 * @throws TerraformExpressionError naming an expression of any other kind
 */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return evaluateTemplate(value, scope);
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluate(item, scope)]));
}

function evaluateTemplate(text: string, scope: Scope): unknown {
  const parts = splitTemplate(text);
  const values = parts.map((part) => (part.isExpression ? evaluateExpression(part.text, scope) : part.text));
  // A string that is one expression has that expression's type.
  return values.length === 1 ? values[0] : values.map(String).join('');
}

interface Part {
  readonly isExpression: boolean;
  readonly text: string;
}

function splitTemplate(text: string): Part[] {
  const parts: Part[] = [];
  let literal = '';
  let at = 0;
  const endLiteral = () => {
    if (literal !== '') parts.push({ isExpression: false, text: literal });
    literal = '';
  };
  while (at < text.length) {
    if (/^(\$\$|%%)\{/.test(text.slice(at, at + 3))) {
      literal += text.slice(at + 1, at + 3);
      at += 3;
    } else if (text.startsWith('${', at)) {
      const end = closingBrace(text, at + 2);
      endLiteral();
      parts.push({ isExpression: true, text: text.slice(at + 2, end) });
      at = end + 1;
    } else {
      literal += text.charAt(at++);
    }
  }
  endLiteral();
  return parts.length === 0 ? [{ isExpression: false, text }] : parts;
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  let isQuoted = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === '{' && !isQuoted) depth++;
    else if (text[at] === '}' && !isQuoted) depth--;
    if (depth === 0) return at;
  }
  throw new TerraformExpressionError(`The stack has an unclosed expression: ${text}. Synthesize it again.`);
}

function evaluateExpression(source: string, scope: Scope): unknown {
  // HCL writes an object's members with "=".
  return evaluateNode(jsep(source.replace(/("[^"]*"|[{,]\s*\w+)\s=\s/g, '$1: ')), source, scope);
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
        (node.properties as { key: jsep.Expression; value: unknown }[]).map((member) => [
          (member.key.type === 'Literal' ? member.key.value : member.key.name) as string,
          value(member.value),
        ]),
      );
    case 'ConditionalExpression':
      return value(value(node.test) ? node.consequent : node.alternate);
    case 'UnaryExpression':
      if (node.operator === '-') return -Number(value(node.argument));
      break;
    case 'BinaryExpression': {
      const calculate = ARITHMETIC[node.operator as string];
      if (calculate) return calculate(Number(value(node.left)), Number(value(node.right)));
      break;
    }
    case 'CallExpression':
      if ((node.callee as jsep.Expression).name === 'jsonencode')
        return JSON.stringify(value((node.arguments as unknown[])[0]));
      break;
  }
  throw new TerraformExpressionError(`The embedded pipeline cannot evaluate the stack's expression \${${source}}.`);
}

const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

function pathOf(node: jsep.Expression, source: string): string[] {
  if (node.type === 'Identifier') return [node.name as string];
  if (node.type !== 'MemberExpression') {
    throw new TerraformExpressionError(`The embedded pipeline cannot follow the stack's reference \${${source}}.`);
  }
  return [...pathOf(node.object as jsep.Expression, source), (node.property as jsep.Expression).name as string];
}
