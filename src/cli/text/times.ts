/** Times and spans as people read them, in their own time zone. */

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** "10:02:03", with the date before it if that is not today's. */
export function clock(ms: number, now: number): string {
  const time = new Date(ms);
  const hours = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  const today = time.toDateString() === new Date(now).toDateString();
  return today ? hours : `${date(time)} ${hours}`;
}

/** "2026-05-01 10:02:03". */
export function dateAndTime(ms: number): string {
  const time = new Date(ms);
  return `${date(time)} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** "10:02:03.123". */
export function exactClock(ms: number): string {
  const time = new Date(ms);
  const seconds = `${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, "0")}`;
  return `${two(time.getHours())}:${two(time.getMinutes())}:${seconds}`;
}

function date(time: Date): string {
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A span in at most two units: "45ms", "0.4s", "12s", "2m 05s", "1h 02m", "3d 04h". */
export function span(ms: number): string {
  const length = Math.max(0, ms);
  if (length < 100) return `${Math.floor(length)}ms`;
  if (length < 10 * second) return `${(Math.floor(length / 100) / 10).toFixed(1)}s`;
  if (length < minute) return `${Math.floor(length / second)}s`;
  if (length < hour) return `${Math.floor(length / minute)}m ${two(Math.floor((length % minute) / second))}s`;
  if (length < day) return `${Math.floor(length / hour)}h ${two(Math.floor((length % hour) / minute))}m`;
  return `${Math.floor(length / day)}d ${two(Math.floor((length % day) / hour))}h`;
}
