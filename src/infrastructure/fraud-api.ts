/**
 * How the processor reaches the fraud API. Making one never throws: the pipeline reports its faults together with
 * those of every other prop.
 */
export class FraudApi {
  /**
   * An API at an address that the function can reach.
   * @param url https; called with POST exactly as given
   */
  static url(url: string): FraudApi {
    return new FraudApi(url);
  }

  private constructor(readonly url: string) {}
}
