/** The test kit: virtual time, stubs, crashes, replay of histories, torture; and the contract that every store must keep. */
export type { ActivityCall } from "./testing/calls.ts";
export type { SettleOptions } from "./testing/driver.ts";
export { VirtualClock } from "./testing/virtual-clock.ts";
export {
  failing,
  hanging,
  heartbeating,
  stub,
  type FailingOptions,
  type HeartbeatingOptions,
  type Stub,
  type StubFunction,
  type Stubs,
} from "./testing/stubs.ts";
export { formatHistory, parseHistory } from "./testing/history-text.ts";
export { replayHistory, type Replayed, type ReplayOptions } from "./testing/replay-history.ts";
export { storeContract, type ContractHarness, type ContractSubject } from "./testing/store-contract.ts";
export { TestDaruma } from "./testing/test-daruma.ts";
export { torture, type TortureDifference, type TortureReport } from "./testing/torture.ts";
export type { TortureOptions } from "./testing/torture-life.ts";
export type { Violation } from "./testing/violations.ts";
export type { Moment, TestOptions } from "./testing/world.ts";
