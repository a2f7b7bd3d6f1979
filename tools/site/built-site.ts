import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The elements and attributes whose addresses a browser loads without being asked. */
const LOADS = /^(?:audio|embed|iframe|image|img|input|link|object|script|source|track|use|video)$/;

/** Stylesheets and scripts that load something from another host. */
const LOADED_BY_STYLE = /(?:url\(|@import)\s*["']?((?:https?:)?\/\/[^"')\s]+)/g;
const LOADED_BY_SCRIPT =
  /\b(?:fetch|import|importScripts|sendBeacon|EventSource|WebSocket|(?:Shared)?Worker)\s*\(\s*["'`]((?:https?:|wss?:)?\/\/[^"'`]+)/g;

interface Reference {
  readonly address: string;
  readonly isLoaded: boolean;
}

/**
 * Checks the files of a built site: each link leads to a file and an anchor of it, and nothing is loaded from another host.
 * @param base path where the site is published, with slashes at both ends
 * @returns a line for each fault
 */
export function faultsOf(directory: string, base: string): string[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(directory, file)).isFile(),
  );
  const text = (file: string) => readFileSync(join(directory, file), 'utf8');
  const anchors = new Map<string, Set<string>>();
  const anchorsOf = (file: string) => {
    if (!anchors.has(file))
      anchors.set(file, new Set([...text(file).matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!)));
    return anchors.get(file)!;
  };

  const faultOf = (page: string, { address, isLoaded }: Reference): string | undefined => {
    const url = new URL(address.replaceAll('&amp;', '&'), `http://site${base}${page}`);
    if (url.protocol === 'data:') return undefined;
    if (url.host !== 'site') return isLoaded ? `loads ${address} from another host` : undefined;
    const path = decodeURI(url.pathname);
    const file = join(path.slice(base.length), path.endsWith('/') ? 'index.html' : '');
    if (!path.startsWith(base) || !existsSync(join(directory, file)))
      return `leads to ${address}, which the site lacks`;
    const anchor = decodeURIComponent(url.hash.slice(1));
    const isThere = anchor === '' || !file.endsWith('.html') || anchorsOf(file).has(anchor);
    return isThere ? undefined : `leads to ${address}, a page without this anchor`;
  };

  return files.flatMap((file) => {
    const external = (pattern: RegExp) =>
      [...text(file).matchAll(pattern)].map(([, address]) => `${file} loads ${address!} from another host`);
    if (file.endsWith('.css')) return external(LOADED_BY_STYLE);
    if (file.endsWith('.js')) return external(LOADED_BY_SCRIPT);
    if (!file.endsWith('.html')) return [];
    const faults = referencesOf(text(file)).map((reference) => faultOf(file, reference));
    return [...new Set(faults.filter((fault) => fault !== undefined))].map((fault) => `${file} ${fault}`);
  });
}

function referencesOf(html: string): Reference[] {
  const elements = [...html.matchAll(/<([a-z]+)\s([^>]*)>/g)];
  return elements.flatMap(([, name, attributes]) =>
    [...attributes!.matchAll(/(?:^|\s)(?:src|href|xlink:href|poster|data)="([^"]*)"/g)].map(([, address]) => ({
      address: address!,
      isLoaded: LOADS.test(name!),
    })),
  );
}
