// What code is told that goes on from the history of another run, and what an error can say of its retry.
import { forked, runInfo, signal, sleep, update, workflow } from "daruma";
import type { Forked } from "daruma";
import { beforeEach, describe, expect, it } from "vitest";
import { historyOf, World } from "../../support/world.ts";
import { add, called, fragile, reset, state } from "./forkable.ts";

const word = signal<string>("word");
const vote = update<boolean>("vote");

beforeEach(reset);

/** Waits for votes: a no fails it, unless it is told that it has been heard. */
const voting = workflow("voting", async () => {
  const heard: Forked[] = [];
  let no: number | undefined;
  let yes = 0;
  forked.handle((one) => void heard.push(one));
  vote.handle((good) => {
    if (good) yes++;
    else no = runInfo().historyLength;
  });
  await add(1, 1);
  for (;;) {
    const said = await word.receive();
    if (no !== undefined) throw Object.assign(new Error("no"), { retryAt: no, retryWith: { was: "no" } });
    if (said === "count") return { yes, heard };
    await add(2, 2);
  }
});

describe("code that handles `forked`", () => {
  it("is told once, after what came along and before what is due, over a crash too", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      const order: string[] = [];
      forked.handle(({ as }) => void order.push(as));
      vote.handle(() => void order.push("vote"));
      await sleep("1h").then(() => order.push("slept"));
      await sleep("1h");
      if (state.broken) throw new Error("not yet");
      return order;
    });
    const first = await world.open([flow]);
    const run = await first.start(flow, { id: "r" });
    await world.quiet();
    await run.update(vote, true);
    await world.failure(run.result());
    state.broken = false;
    // Before the vote: it comes again, and the first hour is over.
    await run.retry({ at: 2 });
    const daruma = await world.restart([flow]);
    expect(await world.until(daruma.get("r").result())).toEqual(["vote", "retry", "slept"]);
    const told = (await historyOf(daruma, "r")).filter(({ type }) => type === "signal_received");
    expect(told).toMatchObject([{ name: "daruma.forked" }]);
  });

  it("is not told if nothing of it had run before the point", async () => {
    const world = new World();
    const daruma = await world.open([voting]);
    const run = await daruma.start(voting, { id: "r" });
    await world.quiet();
    const fork = await run.fork({ id: "f", at: 1 });
    await fork.signal(word, "count");
    expect(await world.until(fork.result())).toEqual({ yes: 0, heard: [] });
  });

  it("is told by the engine only", async () => {
    const world = new World();
    const daruma = await world.open([voting]);
    const run = await daruma.start(voting, { id: "r" });
    await run.signal(forked, { as: "fork" });
    await run.signal(word, "count");
    expect(await world.until(run.result())).toEqual({ yes: 0, heard: [] });
  });

  it("others get no signal of it", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      await add(1, 1);
      await word.receive();
      return forked.unread();
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.quiet();
    const fork = await run.fork({ id: "f" });
    await fork.signal(word, "x");
    expect(await world.until(fork.result())).toBe(0);
    const history = await historyOf(daruma, "f");
    expect(history.flatMap((event) => (event.type === "signal_received" ? [event.name] : []))).toEqual([
      "word",
    ]);
  });
});

describe("an error with `retryWith`", () => {
  it("leaves the outcome out and says something else in its place; all that came after it comes again", async () => {
    const world = new World();
    const first = await world.open([voting]);
    await first.start(voting, { id: "r" });
    await world.quiet();
    for (const good of [true, false, true]) await first.get("r").update(vote, good);
    await first.get("r").signal(word, "go");
    await world.failure(first.get("r").result());
    await first.get("r").retry();
    const daruma = await world.restart([voting]);
    await daruma.get("r").signal(word, "count");
    const result = { yes: 2, heard: [{ as: "retry", told: { was: "no" } }] };
    expect(await world.until(daruma.get("r").result())).toEqual(result);
    // The first call, and the one that the signal asked for, which came again.
    expect(called()).toEqual(["add", "add"]);
  });

  it("so does a retry from an earlier point, but one from the outcome itself takes it", async () => {
    const world = new World();
    const daruma = await world.open([voting]);
    const runs = [await daruma.start(voting, { id: "a" }), await daruma.start(voting, { id: "b" })];
    for (const run of runs) {
      await world.quiet();
      for (const good of [true, false]) await run.update(vote, good);
      await run.signal(word, "go");
      await world.failure(run.result());
    }
    const [early, same] = runs as [(typeof runs)[0], (typeof runs)[0]];
    const no = (await historyOf(daruma, "a")).findLastIndex(({ type }) => type === "update_accepted") + 1;
    await early.retry({ at: 3 });
    await early.signal(word, "count");
    const heard = [{ as: "retry", told: { was: "no" } }];
    expect(await world.until(early.result())).toEqual({ yes: 1, heard });
    await same.retry({ at: no });
    expect(await world.failure(same.result())).toMatchObject({ cause: { message: "no" } });
  });

  it("that names no outcome is an error like any other", async () => {
    const world = new World();
    const flow = workflow("flow", async () => {
      try {
        return await fragile("x");
      } catch (error) {
        throw Object.assign(error as Error, { retryAt: 99, retryWith: "nothing" });
      }
    });
    const daruma = await world.open([flow]);
    const run = await daruma.start(flow, { id: "r" });
    await world.failure(run.result());
    state.broken = false;
    await run.retry();
    expect(await world.until(run.result())).toBe("x");
  });
});
