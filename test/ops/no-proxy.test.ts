import { proxyFor } from '../../src/ops/connections';

describe('NO_PROXY, as curl and the AWS CLI read it', () => {
  const before = process.env;
  afterEach(() => {
    process.env = before;
  });

  test.each<[NO_PROXY: string, url: string, isDirect: boolean]>([
    ['', 'https://sqs.eu-west-1.amazonaws.com', false],
    ['*', 'https://sqs.eu-west-1.amazonaws.com', true],
    ['amazonaws.com', 'https://sqs.eu-west-1.amazonaws.com', true],
    ['.amazonaws.com', 'https://sqs.eu-west-1.amazonaws.com', true],
    ['*.amazonaws.com', 'https://sqs.eu-west-1.amazonaws.com', true],
    ['AmazonAWS.com', 'https://SQS.eu-west-1.amazonaws.com', true],
    ['sqs.eu-west-1.amazonaws.com', 'https://sqs.eu-west-1.amazonaws.com', true],
    ['aws.com', 'https://sqs.eu-west-1.amazonaws.com', false],
    ['a.example  b.example,amazonaws.com', 'https://sqs.eu-west-1.amazonaws.com', true],
    ['amazonaws.com:443', 'https://sqs.eu-west-1.amazonaws.com', true],
    ['amazonaws.com:8443', 'https://sqs.eu-west-1.amazonaws.com', false],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/8', 'https://ten.example', false],
    ['no/range', 'https://10.1.2.3', false],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['fd00::1', 'https://[fd00::1]', true],
    ['fd00::/8', 'https://[fd00::1]', true],
    ['', 'https://localhost', true],
    ['', 'http://aws.localhost:4566', true],
    ['', 'http://127.0.0.53:4566', true],
    ['', 'http://[::1]:4566', true],
  ])('NO_PROXY=%s, %s: directly: %s', (NO_PROXY, address, isDirect) => {
    process.env = {
      ...before,
      HTTPS_PROXY: 'http://proxy.example:3128',
      HTTP_PROXY: 'http://proxy.example:3128',
      NO_PROXY,
    };
    const { protocol, hostname, port } = new URL(address);
    expect(proxyFor({ protocol, hostname, port: port === '' ? undefined : Number(port) }) === undefined).toBe(isDirect);
  });

  test('the lower-case name counts before the other', () => {
    process.env = {
      ...before,
      HTTPS_PROXY: 'http://one.example',
      https_proxy: 'two.example:1',
      NO_PROXY: 'amazonaws.com',
      no_proxy: 'other.example',
    };
    expect(proxyFor({ protocol: 'https:', hostname: 'sqs.eu-west-1.amazonaws.com', port: undefined })).toMatchObject({
      url: new URL('http://two.example:1'),
      variable: 'https_proxy',
    });
  });
});
