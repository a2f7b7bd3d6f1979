import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { FRAUD_API_PROPS, type PipelineRow, PROPS } from '../../src/infrastructure/prop-definitions';
import { table } from './generated';

const SOURCE = join(__dirname, '../../src/infrastructure/props.ts');

/** The props, by the docstrings of `PaymentPipelineProps`. @throws Error when a docstring names another default than the table */
export function propsTable(source = readFileSync(SOURCE, 'utf8')): string {
  const file = ts.createSourceFile(SOURCE, source, ts.ScriptTarget.Latest, true);
  const props = file.statements
    .filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === 'PaymentPipelineProps');
  const rows = props?.members.filter(ts.isPropertySignature).map(rowOf) ?? [];
  return table(['prop', 'default', 'meaning'], rows);
}

function rowOf(member: ts.PropertySignature): string[] {
  const name = member.name.getText();
  const [doc] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
  const tag = doc?.tags?.find(({ tagName }) => tagName.text === 'default');
  const text = (comment: ts.JSDoc | ts.JSDocTag | undefined) =>
    (ts.getTextOfJSDocComment(comment?.comment) ?? '').replace(/\s+/g, ' ');
  const [sentence = ''] = text(doc).split(/(?<=\.) /);
  const written = text(tag) || 'required';
  const { default: value } = (PROPS as Readonly<Record<string, PipelineRow>>)[name]!;
  const literal = typeof value === 'string' ? `'${value}'` : String(value);
  if (['string', 'number', 'boolean'].includes(typeof value) && written.split(/,? /)[0] !== literal)
    throw new Error(`The docstring of ${name} says that its default is ${written}, but it is ${literal}.`);
  return [`\`${name}\``, written.replace(literal, `\`${literal}\``), sentence];
}

/** The Terraform variables of the stack that this project deploys. */
export function variablesTable(): string {
  const rows = Object.values<PipelineRow>({ ...PROPS, ...FRAUD_API_PROPS }).flatMap(({ variable, default: value }) => {
    if (variable === undefined) return [];
    const { name, description, unset = value } = variable;
    return [[`\`${name}\``, unset === undefined ? 'required' : `\`${JSON.stringify(unset)}\``, description]];
  });
  return table(['variable', 'default', 'meaning'], rows);
}
