declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A server that emulates DynamoDB in memory; not listening yet. */
  export default function dynalite(options: { createTableMs: number }): Server;
}
