/**
 * A model of a disk with a cache that forgets when the power is cut.
 *
 * What was written to a file before its last sync is there. Of what came after, any part may be there: each write or truncation or not, in any combination,
 * and of a write any of its sectors. Creations and deletions of files are there in their order up to some point, and all of them up to the folder's last sync.
 */
import type { Call } from "./strace.ts";

type Change = Extract<Call, { readonly type: "write" | "truncate" }>;

const sectorBytes = 512;

/** Bytes that grow. */
class Bytes {
  #buffer: Buffer;
  size: number;

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#buffer = Buffer.from(bytes);
    this.size = bytes.length;
  }

  get content(): Buffer {
    return this.#buffer.subarray(0, this.size);
  }

  put(offset: number, bytes: Buffer): void {
    this.resize(Math.max(this.size, offset + bytes.length));
    bytes.copy(this.#buffer, offset);
  }

  resize(size: number): void {
    if (size > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(size, this.#buffer.length * 2));
      this.#buffer.copy(larger);
      this.#buffer = larger;
    }
    if (size < this.size) this.#buffer.fill(0, size, this.size);
    this.size = size;
  }
}

interface File {
  readonly synced: Bytes;
  pending: Change[];
}

interface Naming {
  readonly type: "create" | "unlink";
  readonly name: string;
  readonly file: File;
}

/** The disk. */
export class Disk {
  /** What the folder holds, as the process sees it. */
  readonly #files: Map<string, File> = new Map();
  /** What the folder holds after a power cut at the least. */
  readonly #named: Map<string, File> = new Map();
  #namings: Naming[] = [];

  /** Does what the process asked for. */
  apply(call: Exclude<Call, { readonly type: "ledger" }>): void {
    if (call.type === "create" || call.type === "unlink") return this.#name(call.type, call.file);
    if (call.type === "sync" && call.file === undefined) return this.#syncFolder();
    const file = this.#files.get(call.file ?? "");
    // A deleted file may still be open; nobody will see it again.
    if (file === undefined) return;
    if (call.type === "write" || call.type === "truncate") return void file.pending.push(call);
    for (const change of file.pending) make(file.synced, change);
    file.pending = [];
  }

  #name(type: Naming["type"], name: string): void {
    const known = this.#files.get(name);
    if (type === "create" && known !== undefined) return;
    const file = known ?? { synced: new Bytes(), pending: [] };
    this.#namings.push({ type, name, file });
    rename(this.#files, { type, name, file });
  }

  #syncFolder(): void {
    for (const naming of this.#namings) rename(this.#named, naming);
    this.#namings = [];
  }

  /** What may be on the disk if the power is cut now: the files by name. */
  image(random: () => number): Map<string, Buffer> {
    const names = new Map(this.#named);
    const until = Math.floor(random() * (this.#namings.length + 1));
    for (const naming of this.#namings.slice(0, until)) rename(names, naming);
    // Nothing of what was not synced, all of it, or some.
    const luck = [0, 1, random()][Math.floor(random() * 3)] ?? 0;
    return new Map([...names].map(([name, file]) => [name, survivor(file, random, luck)]));
  }
}

function rename(files: Map<string, File>, { type, name, file }: Naming): void {
  if (type === "create") files.set(name, file);
  else files.delete(name);
}

function make(bytes: Bytes, change: Change): void {
  if (change.type === "truncate") bytes.resize(change.size);
  else bytes.put(change.offset, change.bytes);
}

function survivor({ synced, pending }: File, random: () => number, luck: number): Buffer {
  const bytes = new Bytes(synced.content);
  for (const change of pending) {
    if (random() >= luck) continue;
    if (change.type === "truncate" || luck === 1 || random() < 0.6) make(bytes, change);
    else tear(bytes, change, random);
  }
  return bytes.content;
}

/** Writes some sectors of a write. */
function tear(
  bytes: Bytes,
  { offset, bytes: written }: Extract<Change, { type: "write" }>,
  random: () => number,
): void {
  for (let from = 0; from < written.length;) {
    const to = Math.min(written.length, from + sectorBytes - ((offset + from) % sectorBytes));
    if (random() < 0.5) bytes.put(offset + from, written.subarray(from, to));
    from = to;
  }
}
