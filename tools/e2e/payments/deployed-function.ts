import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { FunctionProcess } from '../../kit/embedded/function-process';
import type { Deployed } from '../assertions/assertion';
import { configuration } from '../support/lookups';
import { type Credentials, REGION } from '../support/clients';

interface Options {
  readonly deployed: Deployed;
  readonly name: string;
  /** The zip that Terraform uploaded. */
  readonly zip: string;
  /** Directory in which it is unpacked. */
  readonly directory: string;
  /** Credentials of the function's own role. */
  readonly credentials: Required<Credentials>;
  readonly endpoint: string;
  /** Variables that cannot have their deployed values. */
  readonly instead?: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

/** Runs what was deployed, with the environment that it was deployed with, as Lambda would. */
export async function startDeployed(options: Options): Promise<FunctionProcess> {
  const { name, zip, directory, onLine } = options;
  const found = await configuration(options.deployed, name);
  const code = await readFile(zip);
  if (createHash('sha256').update(code).digest('base64') !== found.CodeSha256)
    throw new Error(`${zip} is not the code of ${name}.`);
  await mkdir(directory, { recursive: true });
  for (const [file, content] of Object.entries(unzipSync(code))) await writeFile(join(directory, file), content);
  return new FunctionProcess({
    bundle: join(directory, 'index.mjs'),
    functionName: name,
    timeoutMs: found.Timeout! * 1_000,
    environment: { ...found.Environment?.Variables, ...amongEmulators(options), ...options.instead },
    onLine,
  });
}

/** The variables that Lambda's runtime sets, and the endpoints of the services. */
function amongEmulators({ credentials, endpoint }: Options): Record<string, string> {
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_ENDPOINT_URL: endpoint,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
