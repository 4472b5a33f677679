import { activity, activityContext, cancelable, child, condition, continueAsNew, getVersion, inCompletionOrder, mapConcurrent, patched, query, runInfo, shielded, signal, sleep, sleepUntil, some, update, withTimeout, workflow } from "daruma";
import { failing, hanging, heartbeating, stub, TestDaruma, torture } from "daruma/testing";
const add = activity("add", async (n: number) => n, { retry: { maximumAttempts: 3, backoff: { initialInterval: "1s" } } });
const slow = activity("slow", async (n: number) => { await activityContext().sleep(`${n}s`); return n; }, { startToCloseTimeout: "10s", heartbeatTimeout: "8s" });
const undo = activity("undo", async (x: string) => x);
const go = signal<number>("go");
const set = update<number, number>("set");
const cases: Record<string, any> = {};
cases.concurrent = [workflow("concurrent", async () => mapConcurrent([5, 4, 3, 2, 1, 6], (n: number) => slow(n), { concurrency: 2 } as any))];
cases.some = [workflow("some", async () => { const r = await some([4, 1, 3, 2].map((n) => () => slow(n)), { count: 2 } as any); return r; })];
cases.race = [workflow("race", async () => { const a = await Promise.race([slow(5), sleep("3s").then(() => "timer")]); await sleep("1h"); return a; })];
cases.timeout = [workflow("timeout", async () => { try { await withTimeout("4s", async () => { await add(1); await slow(9); }); } catch (e) { return (e as Error).name + (await add(2)); } return "no"; })];
cases.saga = [workflow("saga", async () => { const done: string[] = []; try { for (const n of [1, 2, 3]) { await add(n); done.push(`u${n}`); if (n === 3) throw new Error("boom"); await sleep("1m"); } } catch (e) { await shielded(async () => { for (const d of done.toReversed()) await undo(d); }); throw e; } }), { activities: [stub(add, failing({ times: 1 }, (n) => n))] }];
cases.cancelShield = [workflow("cancelShield", async () => { try { await sleep("10d"); } finally { await shielded(async () => { await undo("x"); await sleep("1d"); await undo("y"); }); } }), { script: async (run: any, t: any) => { await t.advance("1d"); await run.cancel("stop"); } }];
cases.cancelable = [workflow("cancelable", async () => { const [p, cancel] = cancelable(async () => { await slow(5); return "done"; }); await sleep("2s"); cancel("no"); return p.catch((e) => e.message); })];
const leaf = workflow("leaf", async (n: number) => { try { await sleep(`${n}m`); return await add(n); } catch (e) { await shielded(() => undo(`leaf${n}`)); throw e; } });
cases.children = [workflow("children", async () => { const hs = [1, 2, 3].map((n) => child.start(leaf, n)); await sleep("90s"); hs[2]!.cancel("late"); const r = await Promise.allSettled(hs.map((h) => h.result())); return r.map((x) => x.status); }), { workflows: [leaf] }];
cases.parentClose = [workflow("parentClose", async () => { child.start(leaf, 5, { parentClose: "abandon" }).result().catch(() => {}); child.start(leaf, 6, { parentClose: "cancel" }).result().catch(() => {}); child.start(leaf, 7).result().catch(() => {}); await sleep("1m"); return 1; }), { workflows: [leaf] }];
cases.terminate = [workflow("terminate", async () => { await Promise.all([1, 2].map((n) => child(leaf, n * 60))); }), { workflows: [leaf], script: async (run: any, t: any) => { await t.advance("1h10m"); await run.terminate("end"); } }];
cases.pause = [workflow("pause", async () => { const r = []; for (let i = 0; i < 3; i++) { r.push(await slow(3)); await sleep("10s"); } return r; }), { script: async (run: any, t: any) => { await t.advance("2s"); await run.pause(); await t.advance("1m"); await run.resume(); } }];
cases.versions = [workflow("versions", async () => { const v = getVersion("a", -1, 2); await add(v); if (patched("b")) await add(10); return v; })];
cases.rounds = [workflow("rounds", async (n: number): Promise<unknown> => { await add(n); await sleep("1d"); if (n > 3) return [n, runInfo().generation]; return continueAsNew(n + 1); }), {}, 1];
cases.updates = [workflow("updates", async () => { let v = 0; set.handle(async (n) => { await add(n); v += n; return v; }, { validate: (n) => { if (n < 0) throw new Error("neg"); } }); await condition(() => v >= 6); return v; }), { script: async (run: any) => { for (const n of [1, 2, 3]) await run.update(set, n); await run.update(set, -1).catch(() => {}); } }];
cases.updatesParallel = [workflow("updatesParallel", async () => { let v = 0; set.handle(async (n) => { await sleep(`${n}s`); v += n; return v; }); await condition(() => v >= 6); return v; }), { script: async (run: any) => { await Promise.all([3, 2, 1].map((n) => run.update(set, n))); } }];
cases.signals = [workflow("signals", async () => { const got: number[] = []; go.handle(async (n) => { await add(n); got.push(n); }); await condition(() => got.length === 3, "10d"); return got; }), { script: async (run: any, t: any) => { await run.signal(go, 1); await run.signal(go, 2); await t.advance("1d"); await run.signal(go, 3); } }];
cases.hang = [workflow("hang", async () => slow(1).catch((e: Error) => e.name)), { activities: [stub(slow, hanging())] }];
cases.heart = [workflow("heart", async () => slow(1)), { activities: [stub(slow, heartbeating({ every: "7s", times: 1 }, (n) => n))] }];
cases.deadline = [workflow("deadline", async () => { await add(1); await sleep("10d"); }, { timeout: "5d" })];
cases.order = [workflow("order", async () => { const r: unknown[] = []; await add(1); for await (const x of inCompletionOrder([3, 1, 2].map((n) => slow(n))) as any) r.push(x); return r; })];
cases.siblings = [workflow("siblings", async () => { const hs = ["a", "b"].map((id) => child.start(pingpong, id, { id: `pp-${id}` })); return Promise.all(hs.map((h) => h.result())); })];
const ping = signal<number>("ping");
const pingpong = workflow("pingpong", async (me: string) => { let n = 0; for (let i = 0; i < 2; i++) { await sleep("1s"); n += await ping.receive({ timeout: "1h" }).catch(() => 100); } return `${me}${n}`; });
cases.siblings[1] = { workflows: [pingpong], script: async (_: any, t: any) => { await t.advance("500ms"); for (const id of ["a", "b"]) { await t.get(`pp-${id}`).signal(ping, 1); await t.get(`pp-${id}`).signal(ping, 2); } } };
for (const [name, [w, o = {}, input]] of Object.entries(cases)) {
  if (process.argv[2] && !name.match(process.argv[2])) continue;
  const t = performance.now();
  try {
    const r = await torture(w as any, input as never, o as any);
    console.log(name, (await TestDaruma.open({ workflows: [w as any, ...((o as any).workflows ?? [])], activities: (o as any).activities }).then(async (t) => { const run = await t.start(w as any, { input: input as never }); if ((o as any).script) return ""; return run.result().then((x) => JSON.stringify(x), (e) => e.message.split("\n")[0]); }))), console.log("   ", r.points, r.crashes, r.differences.length === 0 ? "ok" : "DIFF", (performance.now() - t).toFixed(0));
    for (const d of r.differences.slice(0, 4)) console.log("   ", d.point, d.when, d.what, "|", d.expected.slice(0, 200), "|", d.found.slice(0, 300));
  } catch (e) { console.log(name, "THROWS", e); }
}
