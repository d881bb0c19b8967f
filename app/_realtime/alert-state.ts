import type { AlertMessage, WireAlert } from "../../lib/protocol/messages.ts";

/** More than anyone looks through here; the API has them all. */
export const MOST_ALERTS = 2_000;

/** How an alert changed: as it was before, and as it is. */
export interface AlertChange {
  before: WireAlert | undefined;
  after: WireAlert;
}

/** The alerts that the stream and the API have shown, each in its newest state. Bounded: the oldest closed ones go first. */
export class AlertState {
  private readonly byId = new Map<string, WireAlert>();

  get(id: string): WireAlert | undefined {
    return this.byId.get(id);
  }

  /** @returns the change, or `undefined` where a newer state is known already */
  put(alert: WireAlert): AlertChange | undefined {
    const before = this.byId.get(alert.id);
    if (before !== undefined && Date.parse(before.updated_at) > Date.parse(alert.updated_at))
      return undefined;
    this.byId.set(alert.id, alert);
    if (this.byId.size > MOST_ALERTS) this.drop();
    return { before, after: alert };
  }

  clear(): void {
    this.byId.clear();
  }

  /** The last raised first; those raised at once by id, so that the order is the same everywhere. */
  list(): WireAlert[] {
    return [...this.byId.values()].sort((a, b) =>
      a.raised_at === b.raised_at ? (a.id < b.id ? -1 : 1) : a.raised_at < b.raised_at ? 1 : -1,
    );
  }

  private drop(): void {
    const order = this.list().reverse();
    const victim = order.find(({ state }) => state === "resolved") ?? order[0];
    if (victim !== undefined) this.byId.delete(victim.id);
  }
}

export function alertOf(message: AlertMessage): WireAlert {
  const { event: _event, by: _by, seq: _seq, ...alert } = message.data;
  return alert;
}
