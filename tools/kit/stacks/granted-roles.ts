/** Roles to which a pipeline grants by their ARNs: one of its own AWS account, and two of another. */
export const SENDER = 'arn:aws:iam::123456789012:role/shop/sender';
export const OTHER_SENDER = 'arn:aws:iam::210987654321:role/sender';
export const READER = 'arn:aws:iam::210987654321:role/auditor';
