import { createSocket, type Socket } from 'node:dgram';

/** A segment of a trace, as a function sends it. */
export interface Segment {
  readonly id: string;
  readonly parent_id: string;
  readonly name: string;
}

/** Takes the place of X-Ray's daemon, and keeps what a function sends it. */
export class TraceDaemon {
  /** Each datagram: a line for the protocol, and a line of JSON. */
  readonly datagrams: string[] = [];

  static async start(): Promise<TraceDaemon> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new TraceDaemon(socket);
  }

  private constructor(private readonly socket: Socket) {
    socket.on('message', (datagram) => this.datagrams.push(datagram.toString()));
  }

  /** Makes the tracer of a function believe that it runs in Lambda, and that its trace is sampled. */
  get environment() {
    return {
      LAMBDA_TASK_ROOT: '/var/task',
      AWS_LAMBDA_FUNCTION_NAME: 'function',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${this.socket.address().port}`,
    };
  }

  get segments(): Segment[] {
    return this.datagrams.map((datagram) => JSON.parse(datagram.slice(datagram.indexOf('\n'))) as Segment);
  }

  close(): Promise<void> {
    return new Promise((resolve) => void this.socket.close(resolve));
  }
}
