/** A range to follow: this long before the newest reading, or everything there is. */
export type Range = "15m" | "1h" | "6h" | "24h" | "all";

export const RANGES: readonly { value: Range; label: string; title: string; ms: number | undefined }[] = [
  { value: "15m", label: "15 min", title: "Last 15 minutes", ms: 15 * 60_000 },
  { value: "1h", label: "1 h", title: "Last hour", ms: 3_600_000 },
  { value: "6h", label: "6 h", title: "Last 6 hours", ms: 6 * 3_600_000 },
  { value: "24h", label: "24 h", title: "Last 24 hours", ms: 24 * 3_600_000 },
  { value: "all", label: "All", title: "Everything there is", ms: undefined },
];

/**
 * The one time axis of a page: range and crosshair that all its lanes share. It ends at the newest reading, wherever
 * that lies in history. Lanes look at `version`; React listens only to the crosshair.
 */
export class TimeAxis {
  /** Rises with every change of range, end or crosshair. */
  version = 0;
  private first: number | undefined;
  private newest: number | undefined;
  private pointed: number | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(private span: number | undefined) {}

  /** Length of the range in ms, `undefined` for everything. */
  get span_ms(): number | undefined {
    return this.span;
  }

  setSpan(span: number | undefined): void {
    if (span === this.span) return;
    this.span = span;
    this.pointed = undefined;
    this.changed();
  }

  /** A lane knows of readings between these times. */
  cover(first: number, newest: number): void {
    let moved = false;
    if (Number.isFinite(first) && (this.first === undefined || first < this.first)) {
      this.first = first;
      moved = this.span === undefined;
    }
    if (Number.isFinite(newest) && (this.newest === undefined || newest > this.newest)) {
      this.newest = newest;
      moved = true;
    }
    if (moved) this.version++;
  }

  /** The shown range for a plot so many pixels wide: its end moves in whole pixels, so lines do not shimmer. */
  range(width: number): { from: number; to: number } | undefined {
    if (this.newest === undefined) return undefined;
    const first = this.first ?? this.newest;
    const span = this.span ?? Math.max(1_000, this.newest - first);
    if (this.span === undefined) return { from: first, to: first + span };
    const pixel = span / Math.max(1, width);
    const to = Math.ceil(this.newest / pixel) * pixel;
    return { from: to - span, to };
  }

  get crosshair(): number | undefined {
    return this.pointed;
  }

  point(at: number | undefined): void {
    if (at === this.pointed) return;
    this.pointed = at;
    this.changed();
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private changed(): void {
    this.version++;
    for (const listener of this.listeners) listener();
  }
}
