/** Store operations that are repeated until there is an answer (D3). */
import { DarumaError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";

const retryMs = 100;

/** Does `operation`; a store that cannot be reached is asked again, with the very same operation. */
export async function durably<T>(clock: Clock, operation: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof DarumaError) || error.code !== "DRM-STORE-UNAVAILABLE") throw error;
      await new Promise<void>((resolve) => void clock.alarm(clock.now() + retryMs, resolve));
    }
  }
}
