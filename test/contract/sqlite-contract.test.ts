import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "vitest";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { storeContract } from "../../src/testing/store-contract.ts";

storeContract(
  "sqlite",
  {
    create: async (now) => {
      const folder = mkdtempSync(join(tmpdir(), "daruma-contract-"));
      const path = join(folder, "daruma.db");
      let store = await openSqliteStore(path, { now });
      return {
        store,
        reopen: async () => {
          await store.close();
          store = await openSqliteStore(path, { now });
          return store;
        },
        dispose: async () => {
          await store.close();
          rmSync(folder, { recursive: true });
        },
      };
    },
  },
  { test },
);
