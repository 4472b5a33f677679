/** All commands, in the order in which people meet them. */
import type { Command } from "./command.ts";
import { asl } from "./commands/asl.ts";
import { cancel, pause, resume, terminate } from "./commands/control.ts";
import { fork, retry } from "./commands/fork.ts";
import { history } from "./commands/history.ts";
import { list } from "./commands/list.ts";
import { query } from "./commands/query.ts";
import { replay } from "./commands/replay.ts";
import { result } from "./commands/result.ts";
import { run } from "./commands/run.ts";
import { serve } from "./commands/serve.ts";
import { show } from "./commands/show.ts";
import { signal } from "./commands/signal.ts";
import { start } from "./commands/start.ts";
import { update } from "./commands/update.ts";
import { worker } from "./commands/worker.ts";

export const commands: readonly Command[] = [
  run,
  worker,
  serve,
  start,
  list,
  show,
  result,
  history,
  signal,
  query,
  update,
  pause,
  resume,
  cancel,
  terminate,
  fork,
  retry,
  replay,
  asl,
];
