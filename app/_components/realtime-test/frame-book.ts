import type { Frame } from "../../_realtime/index.ts";

export interface NumberedFrame extends Frame {
  id: number;
}

export const MOST_FRAMES = 200;
const TELL_MS = 200;

/** The last frames as they went over the wire, newest first; while held it keeps what it shows. */
export class FrameBook {
  private frames: NumberedFrame[] = [];
  private shown: readonly NumberedFrame[] = [];
  private next = 0;
  private held = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly view = (): readonly NumberedFrame[] => this.shown;

  add(frame: Frame): void {
    this.frames.push({ ...frame, id: this.next++ });
    if (this.frames.length > MOST_FRAMES * 2) this.frames = this.frames.slice(-MOST_FRAMES);
    this.timer ??= setTimeout(() => this.tell(), TELL_MS);
  }

  setHeld(held: boolean): void {
    this.held = held;
    if (!held) this.tell();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private tell(): void {
    this.stop();
    if (this.held) return;
    this.shown = this.frames.slice(-MOST_FRAMES).reverse();
    for (const listener of this.listeners) listener();
  }
}

const sizes = new WeakMap<object, number>();

/** Bytes of the frame's payload. */
export function sizeOf({ content }: Frame): number {
  if (content instanceof Uint8Array) return content.byteLength;
  let size = sizes.get(content);
  if (size === undefined) {
    size = new TextEncoder().encode(JSON.stringify(content)).length;
    sizes.set(content, size);
  }
  return size;
}
