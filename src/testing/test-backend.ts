/** The backend of a test's client: calls go to the process that lives now, and time goes on while somebody waits. */
import type { Backend } from "../client/backend.ts";
import type { HistoryEvent } from "../core/events.ts";
import type { Payload } from "../core/payload.ts";
import type { Life } from "./life.ts";
import type { Seat } from "./seat.ts";

/** All calls of one seat. */
export function testBackend(seat: Seat): Backend {
  const call = <T>(work: (backend: Backend) => Promise<T>): Promise<T> => {
    const { driver, backend } = seat.life;
    return driver.calling(() => work(backend));
  };
  return {
    start: (request) => call((backend) => backend.start(request)),
    send: (id, message, operation) =>
      seat.send(operation, () => call((backend) => backend.send(id, message, operation))),
    fork: (id, request) => call((backend) => backend.fork(id, request)),
    retry: (id, request) => call((backend) => backend.retry(id, request)),
    update: (id, name, update) => {
      const { driver, backend } = seat.life;
      return driver.waiting(`the answer of update ${name} of run ${id}`, () =>
        backend.update(id, name, update),
      );
    },
    query: (id, name, args) => call((backend) => backend.query(id, name, args)),
    result: (id) => result(seat, id),
    describe: async (id) => {
      const description = await call((backend) => backend.describe(id));
      if (description.why !== undefined) seat.world.violations.see(id);
      return description;
    },
    summary: (id) => call((backend) => backend.summary(id)),
    history: (id, options) => follow(seat.life, id, options),
    list: (filter, page) => call((backend) => backend.list(filter, page)),
    close: () => seat.close(),
  };
}

/** A wait for a result survives crashes. */
async function result(seat: Seat, id: string): Promise<Payload | undefined> {
  for (let { life } = seat; ;) {
    try {
      return await life.driver.waiting(`the result of run ${id}`, () => life.backend.result(id));
    } catch (error) {
      const next = await seat.after(life);
      if (next === undefined) {
        seat.world.violations.see(id);
        throw error;
      }
      life = next;
    }
  }
}

async function* follow(
  { driver, backend }: Life,
  id: string,
  options: { readonly from: number; readonly follow: boolean },
): AsyncGenerator<HistoryEvent> {
  const events = backend.history(id, options)[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await driver.waiting(`the next event of run ${id}`, () => events.next());
    if (done === true) return;
    yield value;
  }
}
