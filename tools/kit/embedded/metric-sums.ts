interface EmfLine {
  readonly _aws: { readonly CloudWatchMetrics: { readonly Metrics: { readonly Name: string }[] }[] };
  readonly [field: string]: unknown;
}

/** Sums custom metrics from the lines that the functions write, as CloudWatch would from their logs. */
export class MetricSums {
  private readonly sums = new Map<string, number>();

  /** Takes any line of the log; only EMF counts. */
  add(line: string): void {
    const emf = parse(line);
    if (emf === undefined) return;
    for (const { Name } of emf._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics)) {
      const values = [emf[Name]].flat().map(Number);
      this.sums.set(
        Name,
        values.reduce((sum, value) => sum + value, this.sum(Name)),
      );
    }
  }

  sum(metric: string): number {
    return this.sums.get(metric) ?? 0;
  }
}

function parse(line: string): EmfLine | undefined {
  if (!line.includes('"_aws"')) return undefined;
  try {
    return JSON.parse(line) as EmfLine;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // cut off when its process was killed
    throw error;
  }
}
