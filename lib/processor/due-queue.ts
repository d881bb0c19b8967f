/** Hands over what is due, earliest first: a binary heap, O(log n) for each that comes or goes. */
export class DueQueue<T> {
  private readonly heap: { due: number; item: T }[] = [];

  add(due: number, item: T): void {
    const { heap } = this;
    let at = heap.push({ due, item }) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.due <= due) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  isDue(now: number): boolean {
    return this.heap.length > 0 && this.heap[0]!.due <= now;
  }

  /** Takes out everything that is due by `now`. */
  take(now: number): T[] {
    const taken: T[] = [];
    while (this.isDue(now)) taken.push(this.takeFirst());
    return taken;
  }

  private takeFirst(): T {
    const { heap } = this;
    this.swap(0, heap.length - 1);
    const { item } = heap.pop()!;
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && heap[child]!.due < heap[least]!.due) least = child;
      if (least === at) return item;
      this.swap(at, least);
      at = least;
    }
  }

  private swap(a: number, b: number): void {
    const { heap } = this;
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  }
}
