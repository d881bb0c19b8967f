/** What one reader got, beside what was acknowledged. */
export interface ReaderReport {
  reader: string;
  distinct: number;
  /** Acknowledged and never delivered. */
  lost: number;
  /** Delivered again though neither a resume at the cursor nor a repeated append explains it. */
  doubled: number;
  /** Delivered again and explained; a client drops these by their identity. */
  repeated: number;
  /** Delivered for the first time after a later one of the same asset. */
  reordered: number;
  resets: number;
}

export interface SequenceReport {
  produced: number;
  acknowledged: number;
  stored: { distinct: number; lost: number; doubled: number; changed: number };
  readers: ReaderReport[];
  /** Whether anything was lost, doubled, changed or reordered, or a reader was reset. */
  ok: boolean;
}

interface Reader {
  seen: Map<string, Set<number>>;
  newest: Map<string, number>;
  distinct: number;
  doubled: number;
  repeated: number;
  reordered: number;
  resets: number;
}

/**
 * Knows every reading that was produced: of each asset the numbers 0, 1, 2 …, each the value of its reading. Told
 * what was acknowledged, delivered and stored, it says what was lost, doubled or reordered.
 */
export class SequenceChecker {
  /** How many of each asset were produced and acknowledged: both are dense from 0. */
  private readonly produced = new Map<string, number>();
  private readonly acknowledged = new Map<string, number>();
  /** Numbers that may be in the log more than once, since their append was repeated without an answer. */
  private readonly uncertain = new Map<string, Set<number>>();
  private readonly readers = new Map<string, Reader>();
  private readonly kept = new Map<string, Map<number, number>>();
  private doubled = 0;

  /** @returns the asset's next number */
  produce(asset: string): number {
    const n = this.produced.get(asset) ?? 0;
    this.produced.set(asset, n + 1);
    return n;
  }

  /** Everything of the asset up to and with `n` is acknowledged. */
  acknowledge(asset: string, n: number): void {
    this.acknowledged.set(asset, Math.max(this.acknowledged.get(asset) ?? 0, n + 1));
  }

  appendedAgain(asset: string, n: number): void {
    const numbers = this.uncertain.get(asset) ?? new Set();
    this.uncertain.set(asset, numbers.add(n));
  }

  /** @param may_repeat a resume at the reader's cursor may bring it again */
  delivered(name: string, asset: string, n: number, may_repeat = false): void {
    const reader = this.reader(name);
    let seen = reader.seen.get(asset);
    if (seen === undefined) {
      seen = new Set();
      reader.seen.set(asset, seen);
    }
    if (seen.has(n)) {
      if (may_repeat || this.uncertain.get(asset)?.has(n) === true) reader.repeated++;
      else reader.doubled++;
      return;
    }
    seen.add(n);
    reader.distinct++;
    const newest = reader.newest.get(asset) ?? -1;
    if (n < newest) reader.reordered++;
    else reader.newest.set(asset, n);
  }

  /** The reader was told that something cannot be replayed. */
  reset(name: string): void {
    this.reader(name).resets++;
  }

  stored(asset: string, n: number, value: number): void {
    let kept = this.kept.get(asset);
    if (kept === undefined) {
      kept = new Map();
      this.kept.set(asset, kept);
    }
    if (kept.has(n)) this.doubled++;
    kept.set(n, value);
  }

  /** Forgets what was stored, before it is read again. */
  forgetStored(): void {
    this.kept.clear();
    this.doubled = 0;
  }

  /** Acknowledged readings that the reader has not got yet. */
  missing(name: string): number {
    return this.lostOf((asset) => this.reader(name).seen.get(asset));
  }

  get acknowledgedReadings(): number {
    return sum(this.acknowledged.values());
  }

  report(): SequenceReport {
    const readers = [...this.readers].map(
      ([name, { distinct, doubled, repeated, reordered, resets }]): ReaderReport => ({
        reader: name,
        distinct,
        lost: this.missing(name),
        doubled,
        repeated,
        reordered,
        resets,
      }),
    );
    let changed = 0;
    let distinct = 0;
    for (const kept of this.kept.values())
      for (const [n, value] of kept) {
        distinct++;
        if (n !== value) changed++;
      }
    const stored = {
      distinct,
      lost: this.lostOf((asset) => this.kept.get(asset)),
      doubled: this.doubled,
      changed,
    };
    const ok =
      stored.lost + stored.doubled + stored.changed === 0 &&
      readers.every(({ lost, doubled, reordered, resets }) => lost + doubled + reordered + resets === 0);
    return {
      produced: sum(this.produced.values()),
      acknowledged: this.acknowledgedReadings,
      stored,
      readers,
      ok,
    };
  }

  private lostOf(had: (asset: string) => { has(n: number): boolean } | undefined): number {
    let lost = 0;
    for (const [asset, count] of this.acknowledged) {
      const numbers = had(asset);
      for (let n = 0; n < count; n++) if (numbers?.has(n) !== true) lost++;
    }
    return lost;
  }

  private reader(name: string): Reader {
    let reader = this.readers.get(name);
    if (reader === undefined) {
      reader = {
        seen: new Map(),
        newest: new Map(),
        distinct: 0,
        doubled: 0,
        repeated: 0,
        reordered: 0,
        resets: 0,
      };
      this.readers.set(name, reader);
    }
    return reader;
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
