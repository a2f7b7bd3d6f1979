interface ArnParts {
  readonly service: string;
  /** Empty for a service whose resources belong to no region, such as IAM. */
  readonly region?: string;
  /** Empty for a resource whose name is unique in all of AWS, such as a bucket. */
  readonly accountId?: string;
  readonly resource: string;
}

/**
 * Builds an ARN.
 * @param parts with the partition: `aws`, `aws-cn` or `aws-us-gov`
 */
export function arn({
  partition,
  service,
  region = '',
  accountId = '',
  resource,
}: ArnParts & { readonly partition: string }): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

/**
 * A regular expression that matches the ARNs of one service in every partition. JavaScript and Terraform (RE2) read it alike.
 * @param parts each the source of a regular expression; any region and any account by default
 */
export function arnPattern({
  service,
  region = '[a-z0-9-]+',
  accountId = String.raw`\d{12}`,
  resource,
}: ArnParts): string {
  return `^arn:aws[a-z-]*:${service}:${region}:${accountId}:${resource}$`;
}
