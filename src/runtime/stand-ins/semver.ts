/**
 * Stands in for `semver` in the bundle: the X-Ray SDK asks it only before it patches version 2 of the AWS SDK, which
 * is not here, and answers "unsupported" then.
 */
export const gte = () => false;
