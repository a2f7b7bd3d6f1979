/** A statement as IAM, S3, SNS and KMS return it. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: { readonly Service?: string | string[]; readonly AWS?: string | string[] };
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: PolicyStatement[];
}

/** @param text plain, or encoded as IAM's answers are */
export function parsePolicy(text = '{"Statement":[]}'): PolicyDocument {
  return JSON.parse(text.startsWith('%') ? decodeURIComponent(text) : text) as PolicyDocument;
}

export function statementsOf(text: string | undefined): PolicyStatement[] {
  return [parsePolicy(text).Statement].flat();
}

/** The statement with this name. @throws when there is none */
export function statement(statements: readonly PolicyStatement[], sid: string): PolicyStatement {
  const found = statements.find(({ Sid }) => Sid === sid);
  if (found === undefined) throw new Error(`There is no statement ${sid}.`);
  return found;
}

/** In an order of their own: IAM promises none. */
export function sorted(value: string | readonly string[] | undefined): string[] {
  return [value ?? []].flat().sort();
}
