import type { Template } from './terraform';

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
