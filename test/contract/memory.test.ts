import { describe, expect, test } from "vitest";
import { createMemoryStore, openMemoryStore } from "../../src/stores/memory/store.ts";
import { storeContract } from "../../src/testing/store-contract.ts";
import { birth, completed, message } from "../../src/testing/store-contract-world.ts";

storeContract(
  "memory",
  {
    create: async (now) => {
      const store = createMemoryStore({ now });
      return {
        store,
        another: async () => openMemoryStore(store.database),
        reopen: async () => openMemoryStore(store.database),
        dispose: async () => await store.close(),
      };
    },
  },
  { test },
);

describe("the memory database", () => {
  test("a snapshot puts everything back, for stores that are open on it too", async () => {
    const store = createMemoryStore({ now: () => 1 });
    const session = await store.sessions.open("a worker", 100);
    const key = await store.runs.reserveKeys(2);
    const mail = message({ id: "a" }, "hello");
    await store.commit({ session, operation: "1", runs: [birth(key, "a")], messages: [mail] });
    const snapshot = store.database.snapshot();
    const read = async (): Promise<unknown> => [
      await store.runs.list({ limit: 9 }),
      await store.inbox.read(key),
      await store.history.read(key, 1, 9),
    ];
    const before = await read();
    const end = { key, epoch: 1, head: 1, events: "[]", count: 1, state: completed(5) };
    await store.commit({ session, operation: "2", runs: [end, birth(key + 1, "b")], messages: [] });
    expect(await read()).not.toEqual(before);
    for (let time = 0; time < 2; time += 1) {
      store.database.restore(snapshot);
      expect(await read()).toEqual(before);
      const result = await store.commit({ session, operation: "2", runs: [end], messages: [] });
      expect(result.fenced).toEqual([]);
    }
  });

  test("closing one store leaves the data and the other stores alone", async () => {
    const store = createMemoryStore({ now: () => 1 });
    const other = openMemoryStore(store.database);
    const session = await store.sessions.open("a worker", 100);
    const heard: (readonly number[])[] = [];
    store.listen((keys) => heard.push(keys));
    await store.close();
    const key = await other.runs.reserveKeys(1);
    const mail = message({ id: "a" }, "hello");
    await other.commit({ session, operation: "1", runs: [birth(key, "a")], messages: [mail] });
    await Promise.resolve();
    expect(heard).toEqual([]);
    expect(await other.inbox.read(key)).toHaveLength(1);
  });
});
