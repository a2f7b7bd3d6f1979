import { type IncomingMessage, request as call, type ServerResponse } from 'node:http';
import { LoopbackServer } from '../kit/loopback-server';

/** Answers what a client with the gateway's token asks. @returns undefined when there is no such thing */
export type Control = (method: string, path: string) => unknown;

const ON_THIS_MACHINE = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;
/** The service that a request is signed for: AWS General Reference, "Elements of an AWS API request signature". */
const SIGNED_FOR = /^AWS4-HMAC-SHA256 Credential=[^/]*\/\d+\/[\w-]+\/([\w-]+)\/aws4_request/;

/** Holds the code where the Query protocol has it, and where EC2 does: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const NOT_EMULATED_XML =
  '<Response><Error><Code>NotEmulated</Code></Error><Errors><Error><Code>NotEmulated</Code></Error></Errors></Response>';

/** One address for all emulated services, which sends each request to the service that it is signed for, and for the control of the local pipeline. */
export class LocalGateway extends LoopbackServer {
  /**
   * @param services URLs by the name in signatures, such as `monitoring` for CloudWatch
   * @param answers answers instead of a service's, by `x-amz-target`
   */
  constructor(
    private readonly services: Readonly<Record<string, string>>,
    private readonly answers: Readonly<Record<string, () => Promise<object>>>,
    private readonly token: string,
    private readonly control: Control,
  ) {
    super();
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { authorization = '', host = '' } = request.headers;
    const [, service] = SIGNED_FOR.exec(authorization) ?? [];
    if (!ON_THIS_MACHINE.test(host)) refuse(response, 403, 'Forbidden', 'Only this machine is served.');
    else if (service !== undefined) await this.forward(service, request, response);
    else if (authorization === `Bearer ${this.token}`) await this.answer(request, response);
    else refuse(response, 403, 'MissingAuthenticationToken', 'The request is not signed.');
  }

  private async forward(service: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers, url } = request;
    const target = Object.hasOwn(this.services, service) ? this.services[service] : undefined;
    if (target === undefined) {
      const isQuery = String(headers['content-type']).startsWith('application/x-www-form-urlencoded');
      if (isQuery) response.writeHead(501, { 'content-type': 'text/xml' }).end(NOT_EMULATED_XML);
      else refuse(response, 501, 'NotEmulated', `The local pipeline has no ${service}.`);
      return;
    }
    const answer = this.answers[String(headers['x-amz-target'])];
    if (answer !== undefined) {
      response.end(JSON.stringify(await answer()));
      return;
    }
    const forwarded = call(target, { path: url!, method: method!, headers }, (answer) => {
      answer.pipe(response.writeHead(answer.statusCode!, answer.headers));
    });
    forwarded.on('error', () => response.destroy());
    request.on('error', () => forwarded.destroy());
    request.pipe(forwarded);
  }

  private async answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-pid', process.pid);
    try {
      const answer = await this.control(method!, url!);
      if (answer === undefined) refuse(response, 404, 'NotFound', `There is no ${method!} ${url!}.`);
      else response.end(JSON.stringify(answer));
    } catch (error) {
      refuse(response, 409, 'Refused', error instanceof Error ? error.message : String(error));
    }
  }
}

/** In the form of AWS's JSON errors. */
function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': code });
  response.end(JSON.stringify({ __type: code, message }));
}
