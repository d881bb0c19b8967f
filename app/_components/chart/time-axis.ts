import { follows, type Stretch, sameWindow, type TimeWindow } from "./time-window.ts";

/** Steps of one gesture follow each other faster; it is undone as a whole. */
const GESTURE_MS = 500;
const MOST_PAST = 50;

/**
 * The one time axis of a page: window, crosshair and selection that all its lanes share. What follows ends at the
 * newest reading, wherever that lies in history. Lanes look at `version`; React listens.
 */
export class TimeAxis {
  /** Rises with every change of what is shown. */
  version = 0;
  private first: number | undefined;
  private newest: number | undefined;
  private pointed: number | undefined;
  private marked: Stretch | undefined;
  /** Windows before this one, to go back to. */
  private readonly past: TimeWindow[] = [];
  private moved_at = Number.NEGATIVE_INFINITY;
  /** The last window that followed what comes. */
  private home: TimeWindow;
  private readonly listeners = new Set<() => void>();

  /** @param begins time of the first reading there is, where that is known */
  constructor(
    private shown: TimeWindow,
    private readonly begins?: number,
  ) {
    this.home = follows(shown)
      ? shown
      : { kind: "last", span_ms: shown.kind === "between" ? shown.to - shown.from : undefined };
  }

  get window(): TimeWindow {
    return this.shown;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  /**
   * Shows another window and remembers the one before.
   * @param at ms of any clock, for a step of a gesture: those that follow each other closely are remembered as one
   */
  show(window: TimeWindow, at?: number): void {
    if (sameWindow(window, this.shown)) return;
    if (at === undefined || at - this.moved_at > GESTURE_MS) {
      this.past.push(this.shown);
      if (this.past.length > MOST_PAST) this.past.shift();
    }
    this.moved_at = at ?? Number.NEGATIVE_INFINITY;
    this.set(window);
  }

  undo(): void {
    const before = this.past.pop();
    if (before) this.set(before);
  }

  /** Back to what was followed last. */
  follow(): void {
    this.show(this.home);
  }

  /** A lane knows of readings between these times. */
  cover(first: number, newest: number): void {
    let moved = false;
    if (Number.isFinite(first) && (this.first === undefined || first < this.first)) {
      this.first = first;
      moved = this.shown.kind === "last" && this.shown.span_ms === undefined;
    }
    if (Number.isFinite(newest) && (this.newest === undefined || newest > this.newest)) {
      this.newest = newest;
      moved ||= follows(this.shown);
    }
    if (moved) this.version++;
  }

  /** From the first reading to the newest, as far as both are known. */
  bounds(): Stretch | undefined {
    if (this.newest === undefined) return undefined;
    const from = Math.min(this.begins ?? Number.POSITIVE_INFINITY, this.first ?? this.newest);
    return { from, to: Math.max(this.newest, from + 1_000) };
  }

  /** The shown range for a plot so many pixels wide: its end moves in whole pixels, so lines do not shimmer. */
  range(width: number): Stretch | undefined {
    const { shown, newest } = this;
    if (shown.kind === "between") return { from: shown.from, to: shown.to };
    if (newest === undefined) return undefined;
    if (shown.kind === "since") return { from: shown.from, to: Math.max(newest, shown.from + 1_000) };
    const { span_ms } = shown;
    if (span_ms === undefined) {
      const first = this.first ?? newest;
      return { from: first, to: Math.max(newest, first + 1_000) };
    }
    const pixel = span_ms / Math.max(1, width);
    const to = Math.ceil(newest / pixel) * pixel;
    return { from: to - span_ms, to };
  }

  get crosshair(): number | undefined {
    return this.pointed;
  }

  point(at: number | undefined): void {
    if (at === this.pointed) return;
    this.pointed = at;
    this.changed();
  }

  /** The part of the range that is being dragged over. */
  get selection(): Stretch | undefined {
    return this.marked;
  }

  select(part: Stretch | undefined): void {
    if (part === this.marked) return;
    this.marked = part;
    this.changed();
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private set(window: TimeWindow): void {
    this.shown = window;
    if (follows(window)) this.home = window;
    this.pointed = undefined;
    this.changed();
  }

  private changed(): void {
    this.version++;
    for (const listener of this.listeners) listener();
  }
}
