import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, EXIT, messageOf, UsageError } from '../../src/cli/command-error';
import { colours, shown } from '../../src/cli/escaped-text';
import { wholeNumber, writableFile } from '../../src/cli/options';
import { program, type Program, runAsProcess } from '../../src/cli/program';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { interruptible, type InterruptibleTerminal, isColoured, type Terminal } from '../../src/cli/terminal';
import { findLocal } from '../../src/ops/local';
import { outputWidth, readable } from '../../src/ops/table';
import { type Build, buildArtifacts } from '../kit/embedded/artifacts';
import { client, renderPage } from '../page/html';
import type { DrillAction, PageModel } from '../page/model';
import { type PageServer, type PageSource, startPageServer } from '../page/server';
import { runDrill } from './drill-client';
import { drillNamed, DRILLS } from './drills';
import { LocalPipeline } from './local-pipeline';
import { watchMails } from './mails';
import { localPages } from './page';
import { register, unregister } from './registry';
import { renderDrills, renderEnd, renderStart, renderVerdict } from './view';

const USUAL_PORT = 8_400;

interface LocalOptions {
  readonly port?: number;
  readonly rate: number;
  readonly for?: number;
  readonly report?: string;
}

/** @param build makes the bundle and the stack */
export function localCommand(build: Build): Program {
  const local = program('npx projen local', {
    description: [
      'Run the whole pipeline on this machine until Ctrl-C, to try and to practise. Both real function bundles run on an embedded SQS, DynamoDB, SNS and CloudWatch, with ' +
        'the queues, table, alarms and dashboard of the synthesized stack, a fraud API and steady traffic.',
      "The operator's tool works against it by --local. Time of metrics and alarms is scaled: a minute takes a second. Needs no AWS account, and calls only loopback addresses.",
    ],
    exitCodes: { success: 'ended by Ctrl-C, or after --for', failed: 'the run failed', usageError: 'bad usage' },
    examples: [
      'npx projen local',
      'npx projen local --rate 20',
      'npx projen local drill --list',
      'npx projen local drill fraud-api-down',
    ],
  })
    .option(
      '--port <n>',
      `port of the page; 0 is one that is free (default: ${USUAL_PORT}, or one that is free)`,
      wholeNumber(0, 65_535),
    )
    .option('--rate <n>', 'payments a second', wholeNumber(0, 200), 5)
    .option('--for <seconds>', 'end after this time', wholeNumber(1, 1_000_000))
    .option('--report <file>', 'at the end, write the page as one HTML file, which needs no network', writableFile)
    .work((options: LocalOptions, terminal) =>
      inTemporaryDirectory((directory) => interruptible(terminal, (one) => stayUp(options, one, build, directory))),
    );
  addDrillCommand(local);
  return local;
}

function addDrillCommand(local: Program): void {
  local
    .command('drill [name]')
    .describe({
      description:
        'Run a fire drill in the running local pipeline. Switches a fault on, waits for the alarms, switches it off, and ends with a verdict: what rang and when, what was lost, how long recovery took.',
      exitCodes: {
        success: 'the alarms rang, nothing was lost, and the pipeline recovered',
        failed: 'one of these is not so',
        usageError: 'bad usage, no local pipeline runs, or another drill does',
      },
      examples: ['npx projen local drill --list', 'npx projen local drill bad-release'],
    })
    .option('--list', 'list the drills: what happens, and which alarms should ring')
    .option('--port <n>', 'port of the page of the local pipeline, if several run', wholeNumber(1, 65_535))
    .work((options: DrillOptions, terminal, name?: string) =>
      interruptible(terminal, (one) => drill(name, options, one)),
    );
}

async function stayUp(
  { port, rate, for: seconds, report }: LocalOptions,
  terminal: InterruptibleTerminal,
  build: Build,
  directory: string,
): Promise<number> {
  const artifacts = await build((text) => terminal.stderr.write(String(shown`${text}\n`)), directory);
  const logFile = join(directory, 'functions.log');
  const local = await LocalPipeline.start({ ...artifacts, logFile, rate });
  const model = localPages(local);
  client();
  const page = await startPage(local, model, port).catch(async (error: unknown) => {
    await local.close();
    throw error;
  });
  const entry = local.entry(Number(new URL(page.url).port));
  let stopMails: () => void = () => undefined;
  try {
    register(entry);
    const running = local.run();
    const look = lookOf(terminal);
    const start = renderStart({ rate, logFile, page: page.url, ...entry }, look);
    terminal.stdout.write(`${String(readable(start, terminal.stdout, look))}\n`);
    stopMails = watchMails(local, (subject) => terminal.stdout.write(String(shown`mail: ${subject}\n`)));
    await Promise.race([running, untilEnd(seconds, terminal.signal)]);
    await local.stop();
    if (report !== undefined) writeFileSync(report, renderPage(ended(await model()), 'saved'));
    const end = renderEnd(Date.now() - local.started.getTime(), await local.tally(), report);
    terminal.stdout.write(`${String(readable(end, terminal.stdout, look))}\n`);
    return EXIT.success;
  } catch (error) {
    throw error instanceof CommandError ? error : new CommandError(messageOf(error), { exitCode: EXIT.failed });
  } finally {
    stopMails();
    unregister(entry);
    await page.close();
    await local.close();
  }
}

/** @param port by default the usual one, or one that is free if another local pipeline has it */
async function startPage(local: LocalPipeline, model: PageSource['model'], port?: number): Promise<PageServer> {
  const drill = (name: string, action: DrillAction) => {
    local.drills[action](name);
  };
  const source = { model, drill };
  if (port !== undefined) return startPageServer(source, { port });
  return startPageServer(source, { port: USUAL_PORT }).catch(() => startPageServer(source));
}

/** The page of a pipeline that takes no commands any more. */
function ended({ run: { operate, ...run }, ...model }: PageModel): PageModel {
  return { ...model, run };
}

/** @param seconds unless the signal comes before */
async function untilEnd(seconds: number | undefined, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return; // while it started
  if (seconds === undefined) await once(signal, 'abort');
  else await sleep(seconds * 1_000, undefined, { signal }).catch(() => undefined);
}

interface DrillOptions {
  readonly list?: boolean;
  readonly port?: number;
}

async function drill(
  name: string | undefined,
  { list, port }: DrillOptions,
  terminal: InterruptibleTerminal,
): Promise<number> {
  const { stdout, stderr, signal } = terminal;
  const look = lookOf(terminal);
  if (list === true) {
    stdout.write(`${String(renderDrills(look))}\n`);
    return EXIT.success;
  }
  if (name === undefined || drillNamed(name) === undefined)
    throw new UsageError(
      `${name === undefined ? 'No drill is named' : `There is no drill ${name}`}: it is one of ${Object.keys(DRILLS).join(', ')}.`,
    );
  const entry = await findLocal(port);
  const status = await runDrill(name, entry, signal, ({ state, title, expected }) => {
    const said =
      state === 'running'
        ? `${title}. Should ring: ${expected.join(', ')}`
        : state === 'recovering'
          ? 'The fault has ended. Waiting for recovery'
          : undefined;
    if (said !== undefined) stderr.write(String(shown`${said}\n`));
  });
  stdout.write(`${String(readable(renderVerdict(status, entry.timeScale, look), stdout, look))}\n`);
  return status.verdict?.passed === true ? EXIT.success : EXIT.failed;
}

function lookOf({ stdout }: Terminal) {
  return { colours: colours(isColoured(stdout)), width: outputWidth(stdout) };
}

if (require.main === module) runAsProcess(localCommand(buildArtifacts));
