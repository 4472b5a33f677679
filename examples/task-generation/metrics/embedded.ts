/**
 * Metrics in CloudWatch's embedded metric format: one line of JSON each, which CloudWatch Logs turns into metrics by itself.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */

/** Their units. */
const units = {
  WorkflowExecutionCount: "Count",
  WorkflowSuccessRate: "Percent",
  WorkflowFailureRate: "Percent",
  WorkflowDuration: "Milliseconds",
  ActionProcessingTime: "Milliseconds",
  ActionFailureRate: "Percent",
  BatchProcessingTime: "Milliseconds",
} as const;

export type MetricName = keyof typeof units;

/** Values of one moment. A rate is emitted as 0 or 100 for one execution or action: its average over any period is the rate. */
export type Emit = (
  values: { readonly [name in MetricName]?: number },
  properties: Readonly<Record<string, string | number>>,
) => void;

const namespace = "TaskGeneration";
const dimension = "Workflow";

export function createEmbeddedMetrics(write: (line: string) => void, now: () => number): Emit {
  return (values, properties) => {
    const names = Object.keys(values) as MetricName[];
    const metrics = names.map((Name) => ({ Name, Unit: units[Name] }));
    const directive = { Namespace: namespace, Dimensions: [[dimension]], Metrics: metrics };
    const line = {
      _aws: { Timestamp: now(), CloudWatchMetrics: [directive] },
      [dimension]: "TaskGenerationWorkflow",
      ...properties,
      ...values,
    };
    write(`${JSON.stringify(line)}\n`);
  };
}
