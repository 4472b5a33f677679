/**
 * Putting a guard in the place of something real.
 *
 * Invariants:
 * - Replacing twice changes nothing. What somebody else put over a guard (a test's fake clock, say) is guarded in its turn, once.
 * - A guard looks like what it stands for: name, length, properties, prototype; so `instanceof`, subclasses and `promisify` go on working.
 */
import { asGuard, isGuard } from "./guarded-code.ts";

/** A function or a class of any kind. */
export type Callable = (this: unknown, ...args: never[]) => unknown;

/** Makes the guard of `original`. */
export type Guarding = (original: Callable) => Callable;

/** Gives `guard` everything that can be seen of `original` from outside. */
function resemble(guard: Callable, original: Callable): Callable {
  const seen = Object.getOwnPropertyDescriptors(original);
  for (const key of Reflect.ownKeys(seen)) {
    const property = Reflect.get(seen, key) as PropertyDescriptor;
    // A guard that is a plain function has a prototype of its own that cannot be configured, only set.
    if (key === "prototype") Reflect.set(guard, key, property.value);
    else if (Object.getOwnPropertyDescriptor(guard, key)?.configurable !== false)
      Object.defineProperty(guard, key, property);
  }
  return Object.setPrototypeOf(guard, Object.getPrototypeOf(original)) as Callable;
}

/** Replaces the method `name` of `target`, if it has one of its own. */
export function replace(target: object, name: string, guarding: Guarding): void {
  const property = Object.getOwnPropertyDescriptor(target, name);
  if (property === undefined || (property.configurable === false && property.writable !== true)) return;
  if (property.get !== undefined && property.configurable === true)
    replaceAccessor(target, name, { property, guarding });
  if (typeof property.value !== "function" || isGuard(property.value)) return;
  const original = property.value as Callable;
  const guard = asGuard(resemble(guarding(original), original));
  Object.defineProperty(target, name, { ...property, value: guard });
}

/** What is made on first use is guarded on first use: reading it now would load it. */
function replaceAccessor(
  target: object,
  name: string,
  { property, guarding }: { property: PropertyDescriptor; guarding: Guarding },
): void {
  const get = Reflect.get(property, "get") as Callable | undefined;
  if (get === undefined || isGuard(get)) return;
  const guards = new WeakMap<Callable, Callable>();
  const guarded = asGuard(function (this: unknown): unknown {
    const original = Reflect.apply(get, this, []);
    if (typeof original !== "function" || isGuard(original)) return original;
    const known = guards.get(original as Callable);
    if (known !== undefined) return known;
    const guard = asGuard(resemble(guarding(original as Callable), original as Callable));
    guards.set(original as Callable, guard);
    return guard;
  });
  Object.defineProperty(target, name, { ...property, get: guarded });
}

/** Constructs `original` as its guard, or a class that extends the guard, was constructed. */
export function construct(original: Callable, args: readonly unknown[], newTarget: Callable): unknown {
  return Reflect.construct(original, args, isGuard(newTarget) ? original : newTarget) as unknown;
}
