/** Daruma for tests: in this process, in memory, with a clock that the test moves. */
import { Client } from "../client/client.ts";
import { durationMs } from "../core/duration.ts";
import type { Duration } from "../core/duration.ts";
import type { Activity } from "../workflow/activity.ts";
import type { ActivityCall } from "./calls.ts";
import type { SettleOptions } from "./driver.ts";
import { beginLife } from "./life.ts";
import { Seat } from "./seat.ts";
import { activityName } from "./stubs.ts";
import type { StubFunction } from "./stubs.ts";
import { stuckError } from "./stuck.ts";
import { testBackend } from "./test-backend.ts";
import type { Violation } from "./violations.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import { moment, World } from "./world.ts";
import type { Moment, TestOptions } from "./world.ts";

/**
 * Durable workflows in a test. Start runs and talk to them as with `Daruma`; time is virtual, activities can be stubs, the engine can crash.
 * While somebody waits for a result, the clock jumps to the next timer whenever nothing else is under way.
 */
export class TestDaruma extends Client {
  readonly #seat: Seat;

  /** For the kit itself; tests call {@link TestDaruma.open}. */
  constructor(seat: Seat) {
    super(testBackend(seat), seat.unique);
    this.#seat = seat;
  }

  /** Opens an engine on an empty database in memory. @throws DarumaError DRM-INVALID-OPTION, DRM-DUPLICATE-WORKFLOW */
  static async open(options: TestOptions): Promise<TestDaruma> {
    const world = new World(options);
    return new TestDaruma(new Seat(world, await beginLife(world)));
  }

  /** The test's clock. Move it with `advance`, so that the engine can follow. */
  get clock(): VirtualClock {
    return this.#seat.world.clock;
  }

  /**
   * Moves the clock by `duration`, from timer to timer; between two of them everything comes to rest. Waits for attempts of activities that are at
   * work, unless `whileRunning` is true.
   */
  async advance(duration: Duration, options?: SettleOptions): Promise<void> {
    const ms = durationMs(duration, "advance()");
    await this.#seat.advanceTo(() => this.clock.now() + ms, options);
  }

  /** Moves the clock to a moment; one that has passed is reached already. */
  async advanceTo(time: Moment, options?: SettleOptions): Promise<void> {
    const at = moment(time, "advanceTo()");
    await this.#seat.advanceTo(() => at, options);
  }

  /** Resolves when nothing is under way at this point of time; the clock stands still. */
  settle(options?: SettleOptions): Promise<void> {
    return this.#seat.life.driver.settle(options);
  }

  /** Lets time run until no timer is left and nothing is under way. @throws DarumaError DRM-TEST-STUCK when there is no end to it */
  async idle(): Promise<void> {
    await this.#seat.life.driver.until(() => false);
  }

  /** Lets time run until `test` is true; it is asked whenever everything is at rest. @throws DarumaError DRM-TEST-STUCK when it cannot become true */
  async until(test: () => boolean | Promise<boolean>): Promise<void> {
    const { backend } = this.#seat.life;
    if (!(await this.#seat.until(test))) throw await stuckError("what test.until() asks for", backend);
  }

  /** The attempts of an activity (of all, without one), in the order in which they began, over all crashes. */
  calls<Args extends readonly unknown[], Result>(
    activity: Activity<Args, Result>,
  ): readonly ActivityCall<Args, Awaited<Result>>[];
  calls(activity?: string): readonly ActivityCall[];
  calls(activity?: string | Activity<never, unknown>): readonly ActivityCall[] {
    return this.#seat.world.calls.of(activity === undefined ? undefined : activityName(activity));
  }

  /** From now on `run` stands in for the activity. Attempts that have begun are not changed. */
  stub<Args extends readonly unknown[], Result>(
    activity: Activity<Args, Result>,
    run: (...args: Args) => Awaited<Result> | Promise<Awaited<Result>>,
  ): void;
  stub(activity: string, run: StubFunction): void;
  stub(activity: string | Activity<never, unknown>, run: StubFunction): void {
    this.#seat.world.calls.use({ name: activityName(activity), run });
  }

  /** What workflow code did against the rules so far. Reading it tells the test's end that somebody has looked. */
  get violations(): readonly Violation[] {
    return this.#seat.world.violations.look();
  }

  /**
   * Crashes the engine, wherever it is, and starts a new one on what was durable. Waits for results go on; other calls that were under way reject
   * with DRM-CONNECTION. Attempts that were at work are called again, with the same idempotency key.
   */
  restart(): Promise<void> {
    return this.#seat.restart();
  }

  /** Ends the test. @throws DarumaError DRM-TEST-FAILED if workflow code broke a rule and nobody looked; what made the engine stop, if it did */
  override close(): Promise<void> {
    return this.#seat.close();
  }
}
