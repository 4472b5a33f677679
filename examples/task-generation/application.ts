/** The parts that handlers work with. They are opened once per process, when the first handler is called. */
import { appendFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { tellAlerts } from "./alert.ts";
import { openDatabase } from "./database/open.ts";
import type { Database } from "./database/sql.ts";
import type { Generator } from "./generation/generator.ts";
import { modelGenerator } from "./generation/model.ts";
import { ruleBased } from "./generation/rule-based.ts";
import { simulated } from "./generation/simulated.ts";
import { createLog } from "./log.ts";
import type { Log } from "./log.ts";
import { createEmbeddedMetrics } from "./metrics/embedded.ts";
import type { Emit } from "./metrics/embedded.ts";
import { createNotifier } from "./notify.ts";
import type { Notifier } from "./notify.ts";
import { readSettings } from "./settings.ts";
import type { Settings } from "./settings.ts";

export interface Application {
  readonly database: Database;
  readonly generator: Generator;
  readonly notify: Notifier;
  readonly log: Log;
  readonly emit: Emit;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Opens the parts, and tells of alerts that a process before this one had no time to tell of. @throws ValidationError if the settings ask for what is not there */
export async function openApplication(settings: Settings): Promise<Application> {
  const now = Date.now;
  const { logFile, metricsFile } = settings;
  const toLog = logFile === undefined ? (line: string) => void process.stderr.write(line) : appender(logFile);
  const database = await openDatabase(settings.database, { seed: settings.seed });
  const app: Application = {
    database,
    generator: chooseGenerator(settings),
    notify: createNotifier(settings.notifications),
    log: createLog(toLog, now),
    emit: createEmbeddedMetrics(metricsFile === undefined ? () => undefined : appender(metricsFile), now),
    now,
  };
  await tellAlerts(app);
  return app;
}

function chooseGenerator({ model, weather }: Settings): Generator {
  if (weather !== undefined) return simulated(weather);
  return model === undefined ? ruleBased : modelGenerator(model);
}

function appender(file: string): (line: string) => void {
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  return (line) => appendFileSync(file, line);
}

let opening: Promise<Application> | undefined;

/** The application of this process, by its environment. What could not be opened is tried again at the next call. */
export function application(): Promise<Application> {
  opening ??= openApplication(readSettings(process.env)).catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}
