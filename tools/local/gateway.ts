import { type IncomingMessage, request as call, type ServerResponse } from 'node:http';
import { LoopbackServer } from '../kit/loopback-server';

/** Answers what a client with the gateway's token asks. @returns undefined when there is no such thing */
export type Control = (method: string, path: string) => unknown;

const ON_THIS_MACHINE = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;
/** The service that a request is signed for: AWS General Reference, "Elements of an AWS API request signature". */
const SIGNED_FOR = /^AWS4-HMAC-SHA256 Credential=[^/]*\/\d+\/[\w-]+\/([\w-]+)\/aws4_request/;

/** One address for all emulated services, which sends each request to the service that it is signed for, and for the control of the local pipeline. */
export class LocalGateway extends LoopbackServer {
  /** @param services URLs by the name in signatures, such as `monitoring` for CloudWatch */
  constructor(
    private readonly services: Readonly<Record<string, string>>,
    private readonly token: string,
    private readonly control: Control,
  ) {
    super();
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { authorization = '', host = '' } = request.headers;
    const [, service] = SIGNED_FOR.exec(authorization) ?? [];
    if (!ON_THIS_MACHINE.test(host)) refuse(response, 403, 'Forbidden', 'Only this machine is served.');
    else if (service !== undefined) this.forward(service, request, response);
    else if (authorization === `Bearer ${this.token}`) await this.answer(request, response);
    else refuse(response, 403, 'MissingAuthenticationToken', 'The request is not signed.');
  }

  private forward(service: string, request: IncomingMessage, response: ServerResponse): void {
    const target = this.services[service];
    if (target === undefined) {
      refuse(response, 501, 'NotEmulated', `The local pipeline has no ${service}.`);
      return;
    }
    const { method, headers, url } = request;
    const forwarded = call(new URL(url!, target), { method: method!, headers }, (answer) => {
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
