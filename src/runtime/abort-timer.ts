/**
 * A signal that is aborted after a time. Not AbortSignal.timeout: Node may collect it, with its timer, when only a combined signal
 * refers to it (nodejs/node#57736).
 */
export class AbortTimer {
  private readonly controller = new AbortController();
  private readonly timer: ReturnType<typeof setTimeout>;

  constructor(milliseconds: number) {
    this.timer = setTimeout(
      () => {
        this.controller.abort();
      },
      Math.max(0, milliseconds),
    );
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The signal stays as it is. */
  stop(): void {
    clearTimeout(this.timer);
  }

  abort(): void {
    this.stop();
    this.controller.abort();
  }
}
