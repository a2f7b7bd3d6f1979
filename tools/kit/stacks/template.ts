import { join } from 'node:path';

/** tools/kit/lanes/build.ts writes the templates here before the suites run. */
export const STACKS_DIRECTORY = join(__dirname, '../../../node_modules/.cache/stacks');

/** A block's arguments, as they stand in the Terraform JSON. */
export type Block = Record<string, unknown>;

type BlocksByType = Record<string, Record<string, Block>>;

/** A synthesized stack, as Terraform reads it. */
export class Template {
  constructor(readonly json: { resource: BlocksByType; data: BlocksByType } & Record<string, unknown>) {}

  /** The one resource of this type and logical id. */
  resource(type: string, id: string): Block {
    return pick(this.json.resource, type, id);
  }

  /** The one data source of this type and logical id. */
  data(type: string, id: string): Block {
    return pick(this.json.data, type, id);
  }
}

function pick(blocks: BlocksByType, type: string, id: string): Block {
  const block = blocks[type]?.[id];
  if (block === undefined) {
    throw new Error(`No ${type} "${id}"; there are: ${Object.keys(blocks[type] ?? {}).join(', ') || 'none'}`);
  }
  return block;
}

/** A statement of a policy document, as it stands in the Terraform JSON. */
export interface PolicyStatement {
  readonly sid?: string;
  readonly effect?: string;
  readonly actions: readonly string[];
  readonly resources?: readonly string[];
  readonly principals?: readonly { readonly type: string; readonly identifiers: readonly string[] }[];
  readonly condition?: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly string[];
  }[];
}

/** The statements of a policy document. */
export function statementsOf(template: Template, document: string): PolicyStatement[] {
  return template.data('aws_iam_policy_document', document).statement as PolicyStatement[];
}

/** The one statement of this name. */
export function statementOf(template: Template, document: string, sid: string): PolicyStatement {
  const statements = statementsOf(template, document);
  const found = statements.find((statement) => statement.sid === sid);
  if (found === undefined)
    throw new Error(`No statement "${sid}"; there are: ${statements.map((statement) => statement.sid).join(', ')}`);
  return found;
}
