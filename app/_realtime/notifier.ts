import type { EpochMs } from "../../lib/domain/time.ts";
import type { FrameSchedule } from "./frame-schedule.ts";
import type { Timers } from "./transport.ts";

type Pace = "frame" | "slow";

/** What many things touch is told a few times a second; nobody reads faster, and rows would render for nothing. */
const SLOW_MS = 250;

/**
 * Snapshots by key and who listens to them. Changes are gathered and told once a frame; between two tellings a key's
 * snapshot stays the same object, as `useSyncExternalStore` demands. Keys that nobody touched tell nobody.
 */
export class Notifier<Key extends string> {
  private readonly listeners = new Map<Key, Set<() => void>>();
  private readonly snapshots = new Map<Key, unknown>();
  private readonly touched: Record<Pace, Set<Key>> = { frame: new Set(), slow: new Set() };
  private cancelFrame: (() => void) | undefined;
  private cancelSlow: (() => void) | undefined;
  private slow_at: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly build: (key: Key) => unknown,
    private readonly paceOf: (key: Key) => Pace,
    private readonly frames: FrameSchedule,
    private readonly timers: Timers,
    private readonly now: () => EpochMs,
    /** Runs first in each flush: the last chance to touch. */
    private readonly beforeFlush: () => void,
  ) {}

  get(key: Key): unknown {
    if (!this.snapshots.has(key)) this.snapshots.set(key, this.build(key));
    return this.snapshots.get(key);
  }

  subscribe(key: Key, listener: () => void): () => void {
    let set = this.listeners.get(key);
    if (set === undefined) {
      set = new Set();
      this.listeners.set(key, set);
    }
    set.add(listener);
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.listeners.get(key) === set) this.listeners.delete(key);
    };
  }

  hasListeners(key: Key): boolean {
    return this.listeners.has(key);
  }

  touch(key: Key): void {
    this.touched[this.paceOf(key)].add(key);
    this.schedule();
  }

  touchAll(): void {
    for (const key of new Set([...this.snapshots.keys(), ...this.listeners.keys()])) this.touch(key);
  }

  /** Something changed whose keys `beforeFlush` will touch. */
  schedule(): void {
    this.cancelFrame ??= this.frames(() => this.flush());
  }

  /** Tells now. */
  flush(): void {
    this.beforeFlush();
    // What was scheduled until now, by `beforeFlush` too, is served by this very flush.
    this.cancelFrame?.();
    this.cancelFrame = undefined;
    this.tell("frame");
    if (this.touched.slow.size === 0) return;
    const due = this.slow_at + SLOW_MS - this.now();
    if (due <= 0 || due > SLOW_MS) {
      this.slow_at = this.now();
      this.tell("slow");
    } else
      this.cancelSlow ??= this.timers.set(() => {
        this.cancelSlow = undefined;
        this.flush();
      }, due);
  }

  stop(): void {
    this.cancelFrame?.();
    this.cancelSlow?.();
    this.cancelFrame = undefined;
    this.cancelSlow = undefined;
  }

  private tell(pace: Pace): void {
    const keys = this.touched[pace];
    this.touched[pace] = new Set();
    for (const key of keys) this.snapshots.delete(key);
    for (const key of keys) for (const listener of [...(this.listeners.get(key) ?? [])]) listener();
  }
}
