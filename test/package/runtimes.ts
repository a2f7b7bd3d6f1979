/**
 * With which Lambda starts Node: its Node 20 and 22 load no ES module by `require`, and its Node 22 takes no file without a
 * declared type for one. https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-experimental-features
 */
export const LAMBDA_FLAGS = ['--no-experimental-require-module', '--no-experimental-detect-module'];
