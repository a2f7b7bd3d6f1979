import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = join(__dirname, '../../src');

/** The X-Ray SDK is in maintenance. When another library replaces it, one file changes. */
test('one file imports the tracer, and none the X-Ray SDK', () => {
  const imports = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const found = readFileSync(join(SOURCE, file), 'utf8').match(
        /(?<=['"])(@aws-lambda-powertools\/tracer|aws-xray-sdk)[^'"]*/g,
      );
      return (found ?? []).map((name) => [file, name]);
    });
  expect(imports).toEqual([[join('runtime', 'telemetry.ts'), '@aws-lambda-powertools/tracer']]);
});
