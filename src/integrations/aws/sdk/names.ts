/** Names of AWS services: Step Functions and the SDK for Java write them in one word, npm packages with hyphens, error names in capitals and small letters. */

/** Where the package's name is not the resource's. */
const PACKAGES: ReadonlyMap<string, string> = new Map(
  [
    "acm-pca application-auto-scaling api-gateway auto-scaling bedrock-agent bedrock-agent-runtime bedrock-runtime cloudwatch-events cloudwatch-logs",
    "cognito-identity cognito-identity-provider cognito-sync config-service cost-explorer data-pipeline database-migration-service device-farm",
    "directory-service dynamodb-streams ec2-instance-connect elastic-beanstalk elastic-load-balancing elastic-load-balancing-v2 elastic-transcoder",
    "elasticsearch-service emr-containers emr-serverless global-accelerator iot-data-plane iot-events iot-events-data iot-jobs-data-plane",
    "kinesis-analytics kinesis-analytics-v2 kinesis-video lex-model-building-service lex-runtime-service lex-runtime-v2 license-manager",
    "machine-learning marketplace-catalog marketplace-metering mediapackage-vod migration-hub network-firewall payment-cryptography pinpoint-email",
    "rds-data redshift-data redshift-serverless resource-explorer-2 resource-groups resource-groups-tagging-api route-53 route-53-domains",
    "s3-control sagemaker-a2i-runtime sagemaker-featurestore-runtime sagemaker-runtime secrets-manager service-catalog service-catalog-appregistry",
    "service-quotas snow-device-management sso-admin sso-oidc storage-gateway timestream-query timestream-write transcribe-streaming waf-regional",
  ]
    .flatMap((line) => line.split(" "))
    .map((name): [string, string] => [name.replaceAll("-", ""), name]),
);

/** Services whose optimized integration has another name than the SDK's client. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["bedrock", "bedrock-runtime"],
  ["config", "config-service"],
  ["costexplorer", "cost-explorer"],
  ["databasemigration", "database-migration-service"],
  ["directory", "directory-service"],
  ["elasticsearch", "elasticsearch-service"],
  ["events", "eventbridge"],
  ["states", "sfn"],
]);

/** The package that speaks to a service: `secretsmanager` → `@aws-sdk/client-secrets-manager`. */
export function packageOf(service: string, sdk: boolean): string {
  // `aws-sdk:bedrock` is the control plane; only the optimized integration means the runtime.
  const renamed = sdk && service === "bedrock" ? undefined : RENAMED.get(service);
  return `@aws-sdk/client-${renamed ?? PACKAGES.get(service) ?? service}`;
}

/** The service's id as the SDK for Java writes it: `SFN` → `Sfn`, `DynamoDB` → `DynamoDb`, `Secrets Manager` → `SecretsManager`. */
export function javaName(serviceId: string): string {
  return serviceId
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.replaceAll(/[A-Z]+(?![a-z])/g, (run) => run.charAt(0) + run.slice(1).toLowerCase()))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** `sendMessage` → `SendMessage`, and the member names of Step Functions: `QueueUrl` for `queueUrl`. */
export function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
