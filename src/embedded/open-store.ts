/** From a URL to a store. */
import { DarumaError } from "../core/errors.ts";
import { createMemoryStore } from "../stores/memory/store.ts";
import { openSqliteStore } from "../stores/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import { nodePorts } from "./node-ports.ts";

/** Opens the store that a URL names. @throws DarumaError DRM-STORE-URL, and what the store throws */
export async function openStore(url: string): Promise<Store> {
  if (url === "memory:") return createMemoryStore({ now: nodePorts.clock.now });
  if (url.startsWith("sqlite:") && url.length > "sqlite:".length)
    return openSqliteStore(url.slice("sqlite:".length));
  throw new DarumaError("DRM-STORE-URL", {
    message: `No store can be opened at "${url}".`,
    subject: url,
    expected: "sqlite:PATH or memory:",
    found: url,
  });
}
