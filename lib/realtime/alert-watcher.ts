import type { AlertEvent } from "../domain/alert.ts";
import type { AlertStore } from "../ports/store.ts";
import type { Logger } from "../ports/system.ts";
import { alertPosition } from "../protocol/codec.ts";
import { alertKind } from "./channel-kinds.ts";
import type { Hub } from "./hub.ts";
import type { Offsets } from "./positions.ts";
import type { Run } from "./runs.ts";
import { Happening, type Source } from "./source.ts";
import { Stream } from "./stream.ts";

const PAGE = 500;

function runOf(events: AlertEvent[]): Run<AlertEvent>[] {
  const first = events[0];
  return first === undefined
    ? []
    : [{ partition: 0, first_offset: first.seq - 1, received_at: first.at, values: events }];
}

/** What is watched of one tenant. */
class TenantAlerts implements Source<AlertEvent> {
  readonly channel = "alerts";
  readonly stream: Stream<AlertEvent>;
  private readonly moves = new Happening();
  private wanted: number;
  private running: Promise<void> | undefined;

  constructor(
    private readonly tenant_id: string,
    readonly log_id: string,
    private seq: number,
    private readonly store: AlertStore,
    private readonly hub: Hub,
    private readonly logger: Logger,
  ) {
    this.wanted = seq;
    this.stream = new Stream(alertKind, this, hub, this.position());
  }

  position(): Offsets {
    return { 0: this.seq };
  }

  moved(): Promise<void> {
    return this.moves.next();
  }

  async head() {
    return alertPosition({ log_id: this.log_id, seq: await this.store.lastAlertSeq(this.tenant_id) });
  }

  async earliest() {
    return alertPosition({ log_id: this.log_id, seq: 0 });
  }

  async read(from: Offsets) {
    const events = await this.store.alertEvents(this.tenant_id, from[0] ?? 0, PAGE);
    return { runs: runOf(events), next: { 0: events.at(-1)?.seq ?? this.seq } };
  }

  /** There are events up to `seq`. */
  async advance(seq: number): Promise<void> {
    this.wanted = Math.max(this.wanted, seq);
    if (this.seq < this.wanted) this.running ??= this.run();
    await this.running;
  }

  /** Reads on until what was announced is there: always from the last seen, so nothing is left out. */
  private async run(): Promise<void> {
    try {
      while (this.seq < this.wanted) {
        const events = await this.store.alertEvents(this.tenant_id, this.seq, PAGE);
        if (events.length === 0) return;
        for (const run of runOf(events)) this.stream.push(run);
        this.seq = events.at(-1)!.seq;
        this.moves.happen();
        this.hub.settle();
      }
    } catch (error) {
      // Tried again at the next notice, or when it is next looked whether one was missed.
      this.logger.warn({ tenant_id: this.tenant_id, error: String(error) }, "alert events could not be read");
    } finally {
      this.running = undefined;
    }
  }
}

/** Brings each tenant's alert events to its stream, in the order of their dense sequence numbers. */
export class AlertWatcher {
  private readonly tenants = new Map<string, Promise<TenantAlerts>>();
  private unwatch: (() => void) | undefined;

  constructor(
    private readonly store: AlertStore,
    private readonly hub: Hub,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.unwatch = this.store.onAlertEvents((tenant_id, last_seq) => {
      void this.tenants.get(tenant_id)?.then((tenant) => tenant.advance(last_seq));
    });
  }

  stop(): void {
    this.unwatch?.();
  }

  async stream(tenant_id: string): Promise<Stream<AlertEvent>> {
    let tenant = this.tenants.get(tenant_id);
    if (tenant === undefined) {
      tenant = this.open(tenant_id);
      this.tenants.set(tenant_id, tenant);
      tenant.catch(() => this.tenants.delete(tenant_id));
    }
    return (await tenant).stream;
  }

  /** Looks whether a notice was missed. */
  async verify(): Promise<void> {
    for (const [tenant_id, opened] of this.tenants) {
      const tenant = await opened;
      await tenant.advance(await this.store.lastAlertSeq(tenant_id));
    }
  }

  private async open(tenant_id: string): Promise<TenantAlerts> {
    const [log_id, seq] = await Promise.all([this.store.alertLogId(), this.store.lastAlertSeq(tenant_id)]);
    return new TenantAlerts(tenant_id, log_id, seq, this.store, this.hub, this.logger);
  }
}
