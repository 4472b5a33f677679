/**
 * Deploys the workflow to AWS:
 *
 *   npx esbuild examples/task-generation/handlers/index.ts --bundle --platform=node --format=esm --outfile=build/index.mjs \
 *     --external:@aws-sdk/client-sns --external:pg-native \
 *     --banner:js="import{createRequire}from'node:module';const require=createRequire(import.meta.url);"
 *   cp -r examples/task-generation/database/migrations build/
 *   TASKS_DATABASE=postgres://… npx cdk deploy --app "node examples/task-generation/cdk/app.ts"
 */
import { App } from "aws-cdk-lib";
import * as lambda from "aws-cdk-lib/aws-lambda";
import { TaskGenerationStack } from "./stack.ts";

const app = new App();
const { TASKS_DATABASE: databaseUrl = "", TASKS_BEDROCK_MODEL: bedrockModel = "" } = process.env;
if (!databaseUrl.startsWith("postgres")) {
  process.stderr.write("TASKS_DATABASE must be the URL of a PostgreSQL database that Lambda can reach.\n");
  process.exit(1);
}
const stack = new TaskGenerationStack(app, "TaskGeneration", {
  code: lambda.Code.fromAsset("build"),
  databaseUrl,
  ...(bedrockModel === "" ? {} : { bedrockModel }),
});
process.stdout.write(`${stack.stackName}: ${stack.functions.size} functions\n`);
app.synth();
