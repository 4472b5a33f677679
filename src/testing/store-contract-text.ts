/** The contract of texts: what is kept exactly, and what is not shared with the caller. */
import assert from "node:assert/strict";
import type { NewMessage } from "../store/inbox.ts";
import {
  birth,
  type ContractCase,
  type ContractWorld,
  present,
  message,
  waiting,
} from "./store-contract-world.ts";

/** Puts one text wherever a text can go, opens the data again, and says how it came back in each place. */
async function roundTrip(world: ContractWorld, text: string): Promise<Record<string, unknown>> {
  const session = await world.session();
  const state = { ...waiting, parked: text };
  const { key } = await world.start(session, text, { workflow: text, operation: text, state });
  const heartbeats = [{ ref: 1, details: text }];
  await world.advance(session, key, { events: JSON.stringify([text]), heartbeats, state });
  await world.commit(session, [], [{ to: { id: text }, operation: text, body: text }]);
  await world.reopen();
  const { id, workflow, operation, parked } = await world.row(key);
  const [mail] = await world.store.inbox.read(key);
  const [beat] = await world.store.history.heartbeats(key);
  const events = await world.events(key);
  const found = await world.store.runs.byId(text);
  const listed = await world.store.runs.list({ idPrefix: text, workflow: text, limit: 2 });
  const sent = { mailOperation: mail?.operation, body: mail?.body, details: beat?.details };
  return {
    id,
    workflow,
    operation,
    parked,
    ...sent,
    event: events[1],
    found: found?.key === key,
    listed: listed.length,
  };
}

function everywhere(text: string, event: string): Record<string, unknown> {
  const row = { id: text, workflow: text, operation: text, parked: text };
  return { ...row, mailOperation: text, body: text, details: text, event, found: true, listed: 1 };
}

const exact: ContractCase = {
  name: "texts come back exactly, with NUL, quotes, line ends, combining and astral characters",
  run: async (world) => {
    const texts = [
      "\0",
      "a\0b",
      "a\0c",
      "'; DROP TABLE runs; --",
      'say "hi"\r\n\t',
      "e\u0301 \u00e9",
      "\u{1F600}\u{10FFFF}",
      "\uFEFFbom",
      "__proto__",
    ];
    for (const text of texts) assert.deepEqual(await roundTrip(world, text), everywhere(text, text));
  },
};

const surrogates: ContractCase = {
  name: "a lone surrogate becomes U+FFFD, in ids too; JSON carries it escaped",
  run: async (world) => {
    const text = "broken \uD800 text";
    assert.deepEqual(await roundTrip(world, text), everywhere("broken \uFFFD text", text));
    const key = await world.store.runs.reserveKeys(1);
    const result = await world.commit(await world.session(), [birth(key, "broken \uDC00 text")]);
    assert.deepEqual(result.duplicates, [key], "it is the same id by now");
  },
};

const large: ContractCase = {
  name: "texts of ten megabytes are kept",
  run: async (world) => {
    const session = await world.session();
    const text = "0123456789".repeat(1024 * 1024);
    const { key } = await world.start(session, text);
    await world.advance(session, key, { events: `["${text}"]` });
    await world.commit(session, [], [{ to: { key }, operation: "large", body: text }]);
    await world.reopen();
    assert.ok((await world.store.runs.byId(text))?.key === key);
    assert.ok((await world.store.history.last(key))?.events === `["${text}"]`);
    assert.ok((await world.store.inbox.read(key))[0]?.body === text);
  },
};

const apart: ContractCase = {
  name: "what was handed in or given out can be changed without changing the store",
  run: async (world) => {
    const session = await world.session();
    const { key } = await world.start(session, "a");
    const messages: NewMessage[] = [message({ key }, "one"), message({ key }, "two")];
    const request = { session, operation: "once", runs: [], messages };
    const answer = await world.store.commit(request);
    const expected = structuredClone(answer);
    const again = { ...request, messages: [...messages] };
    messages.pop();
    Object.assign(answer.receipts[0] ?? {}, { status: "closed" });
    for (const list of [answer.receipts, answer.notified, answer.fenced]) (list as unknown[]).length = 0;
    assert.deepEqual(await world.store.commit(again), expected);
    Object.assign(await world.row(key), { head: 99, id: "changed" });
    Object.assign((await world.store.inbox.read(key))[0] ?? {}, { body: "changed" });
    Object.assign((await world.store.history.last(key)) ?? {}, { events: "changed" });
    const row = present(await world.row(key));
    assert.deepEqual([row["head"], row["id"]], [1, "a"]);
    assert.equal((await world.store.inbox.read(key))[0]?.body, '"one"');
    assert.deepEqual(await world.events(key), ["born"]);
  },
};

export const textCases: readonly ContractCase[] = [exact, surrogates, large, apart];
