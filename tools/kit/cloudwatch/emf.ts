import type { Datum } from './metric-store';

/** A line in CloudWatch's embedded metric format: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
interface EmfLine {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [field: string]: unknown;
}

/** Returns the values that CloudWatch takes from a line of a function's log; none, if it isn't EMF. */
export function emfData(line: string): (Datum & { readonly unit: string })[] {
  const emf = parse(line);
  if (emf === undefined) return [];
  return emf._aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(emf[name])]));
      return Metrics.flatMap(({ Name: metricName, Unit: unit }) =>
        [emf[metricName]]
          .flat()
          .map((value) => ({ namespace, metricName, dimensions, unit, value: Number(value), at: emf._aws.Timestamp })),
      );
    }),
  );
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
