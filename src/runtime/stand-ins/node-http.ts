// eslint-disable-next-line @typescript-eslint/no-require-imports -- the point of this file
import http = require('node:http');

/**
 * Stands in for the import of `node:http` in the bundle. An import makes Node read every property of the module, and one of them
 * loads `fetch` and WebSocket: a quarter of the function's start in Node 22 and 24. A `require` doesn't.
 */
export default http;
