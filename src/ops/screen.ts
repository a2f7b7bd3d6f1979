import { clearScreenDown, cursorTo } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import type { ShownText } from '../cli/escaped-text';
import { outputWidth } from './table';
import type { Terminal } from '../cli/terminal';

/** DEC's control sequences, which terminals support: the alternate screen, and whether the cursor is visible. */
const OPEN = '\u001b[?1049h\u001b[?25l';
const CLOSE = '\u001b[?25h\u001b[?1049l';
const USUAL_ROWS = 24;

/**
 * A terminal's alternate screen, which is drawn again and again. Closing it restores the terminal. The library for it, log-update,
 * brings sixteen packages, and of a frame that is too high it keeps the end, while the queues stand at the top.
 */
export class Screen {
  private isOpen = false;

  constructor(private readonly stdout: Terminal['stdout']) {}

  /** Shows the text from the top. Lines that do not fit the window are cut, and the last line says so. */
  draw(text: ShownText): void {
    const { stdout } = this;
    if (!this.isOpen) stdout.write(OPEN);
    this.isOpen = true;
    cursorTo(stdout, 0, 0);
    clearScreenDown(stdout);
    stdout.write(this.fitting(String(text).split('\n')).join('\n'));
  }

  close(): void {
    if (this.isOpen) this.stdout.write(CLOSE);
    this.isOpen = false;
  }

  private fitting(lines: readonly string[]): readonly string[] {
    const { rows = USUAL_ROWS } = this.stdout;
    const columns = outputWidth(this.stdout);
    const heights = lines.map((line) => Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns)));
    const heightUntil = (count: number) => heights.slice(0, count).reduce((sum, height) => sum + height, 0);
    if (heightUntil(lines.length) <= rows) return lines;
    const shown = lines.findLastIndex((_, index) => heightUntil(index) <= rows - 1);
    return [...lines.slice(0, shown), `… ${lines.length - shown} more lines: make the window higher.`];
  }
}
