import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { CommandError, EXIT } from '../../src/cli/command-error';

/** The browser's names in the packages of Linux distributions and of Google. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Beside the driver's own: no sandbox, which root has not, and nothing in the background that would call its maker. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the system's browser without a window, with a new profile. @throws CommandError `unavailable` when there is none */
export function startChromium(): Promise<Browser> {
  const executablePath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((directory) => NAMES.map((name) => join(directory, name)))
    .find(isExecutable);
  if (executablePath === undefined)
    throw new CommandError(
      `There is no browser on this machine: install Chromium, such as by "apt-get install chromium". Looked for ${NAMES.join(', ')}.`,
      { exitCode: EXIT.unavailable },
    );
  return chromium.launch({ executablePath, args: FLAGS });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Opens pages, and notes what no page may do. */
export class Visits {
  /** Errors of the console, exceptions, dialogs, and requests that leave this machine. */
  readonly faults: string[] = [];

  constructor(private readonly browser: Browser) {}

  async open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width: 1_440, height: 900 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
      ...options,
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.faults.push(`console: ${message.text()}`);
    });
    page.on('pageerror', ({ message }) => this.faults.push(`exception: ${message}`));
    page.on('dialog', (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!isLocal(request.url(), url)) this.faults.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    return page;
  }

  /** Forgets the faults that a test has made. */
  expectFaults(pattern: RegExp): void {
    const others = this.faults.filter((fault) => !pattern.test(fault));
    this.faults.splice(0, this.faults.length, ...others);
  }
}

/** A saved page requests itself alone; a live one talks to its own server on loopback. */
function isLocal(request: string, page: string): boolean {
  const { protocol, origin, href } = new URL(request);
  if (protocol === 'data:') return true;
  const own = new URL(page);
  return protocol === 'file:' ? href.replace(/#.*/, '') === own.href.replace(/#.*/, '') : origin === own.origin;
}
