import type { EpochMs } from "../../lib/domain/time.ts";
import { decodeBinaryBatch, decodeSensorBatch } from "../../lib/protocol/codec.ts";
import {
  type AlertMessage,
  CHANNELS,
  type Channel,
  type HealthUpdate,
  type ResetReason,
  type ServerMessage,
  type SnapshotMessage,
} from "../../lib/protocol/messages.ts";
import { Cursors, isBeyond } from "./cursors.ts";
import { type Readings, readingsOfUpdate } from "./readings.ts";
import { SeenEvents, SeenReadings } from "./seen.ts";

/** What the stream brought, each thing once. */
export type StreamEvent =
  | ({ type: "readings" } & Readings)
  | { type: "alert"; message: AlertMessage }
  | { type: "health"; message: HealthUpdate }
  | { type: "snapshot"; message: SnapshotMessage }
  /** What is held of the channel no longer counts; a snapshot follows. */
  | { type: "reset"; channel: Channel; reason: ResetReason }
  | { type: "duplicates"; channel: Channel; count: number }
  /** This client was too slow: of the channel only the latest of each sensor came. */
  | { type: "conflated"; channel: Channel; dropped: number }
  | { type: "error"; code: string; message: string };

export interface IntakeHandlers {
  event(event: StreamEvent): void;
  subscribed(message: Extract<ServerMessage, { type: "subscribed" }>): void;
  /** Whether the server gets anything from the channel's source. */
  stalled(channel: Channel, stalled: boolean): void;
  /** The server stands further than what came from it. */
  behind(channel: Channel): void;
  ping(): void;
  pong(sent: EpochMs | undefined, server: EpochMs): void;
}

/**
 * Turns messages into events: keeps a cursor for each channel, drops what has been here before (a resume repeats
 * the tick in which the connection broke) and notices where something is missing.
 */
export class Intake {
  readonly cursors = new Cursors();
  private tenant_id: string | undefined;
  private readonly readings = new SeenReadings();
  private readonly events = new SeenEvents();
  /** Heads that were ahead and were asked about. */
  private readonly asked = new Map<Channel, string>();

  private gap: "none" | "asked" | "answered" = "none";
  /** Not all of the tenant's assets are subscribed, so numbers may be missing rightly. */
  filtered = false;

  constructor(private readonly to: IntakeHandlers) {}

  /** @throws ForesightError where the bytes are no batch */
  binary(bytes: Uint8Array): void {
    const batch = decodeBinaryBatch(bytes);
    this.takeReadings(batch, batch.cursor);
  }

  message(message: ServerMessage): void {
    switch (message.type) {
      case "sensor_update":
        this.takeReadings(readingsOfUpdate(message), message.cursor);
        break;
      case "sensor_batch":
        this.takeReadings({ tenant_id: message.tenant_id, ...decodeSensorBatch(message) }, message.cursor);
        break;
      case "alert_triggered":
      case "alert_updated":
        this.takeAlert(message);
        break;
      case "health_update":
        if (this.events.score(message.data.asset_id, Date.parse(message.timestamp)))
          this.to.event({ type: "health", message });
        else this.to.event({ type: "duplicates", channel: "health_scores", count: 1 });
        this.advance("health_scores", message.cursor);
        break;
      case "snapshot":
        this.snapshot(message);
        break;
      case "reset":
        this.forget(message.channel);
        this.to.event(message);
        break;
      case "subscribed":
        this.subscribed(message);
        break;
      case "head":
        this.head(message.channel, message.cursor);
        this.to.stalled(message.channel, message.stalled === true);
        break;
      case "conflated":
      case "error":
        this.to.event(message);
        break;
      case "ping":
        this.to.ping();
        break;
      case "pong":
        this.to.pong(message.t, Date.parse(message.timestamp));
        break;
    }
  }

  /** Nothing is known of the channel any more: the next subscription begins with a snapshot. */
  forget(channel: Channel): void {
    this.cursors.forget(channel);
    this.asked.delete(channel);
    if (channel === "sensor_data") this.readings.clear();
    if (channel === "alerts") {
      this.events.forgetAlerts();
      this.gap = "none";
    }
    if (channel === "health_scores") this.events.forgetHealth();
  }

  private takeReadings({ tenant_id, readings, received_at }: Readings, cursor: string | undefined): void {
    const fresh: Readings = { tenant_id, readings: [], received_at: [] };
    for (const [i, reading] of readings.entries()) {
      if (!this.readings.add(reading.asset_id, reading.sensor_id, reading.timestamp)) continue;
      fresh.readings.push(reading);
      fresh.received_at.push(received_at[i] ?? reading.timestamp);
    }
    const count = readings.length - fresh.readings.length;
    if (fresh.readings.length > 0) this.to.event({ type: "readings", ...fresh });
    if (count > 0) this.to.event({ type: "duplicates", channel: "sensor_data", count });
    this.advance("sensor_data", cursor);
  }

  /** Alert events are numbered without gaps, so a missing one shows at the next; what follows waits for it. */
  private takeAlert(message: AlertMessage): void {
    const { seq } = message.data;
    const expected = this.events.nextAlert;
    if (!this.filtered && expected !== undefined && seq > expected && this.gap !== "answered") {
      if (this.gap === "none") this.to.behind("alerts");
      this.gap = "asked";
      return;
    }
    this.gap = "none";
    if (this.events.alert(seq)) this.to.event({ type: "alert", message });
    else this.to.event({ type: "duplicates", channel: "alerts", count: 1 });
    this.advance("alerts", message.cursor);
  }

  private snapshot(message: SnapshotMessage): void {
    const of = new Set(message.channels);
    for (const channel of of) this.forget(channel);
    for (const asset of message.assets) {
      if (of.has("sensor_data"))
        for (const { sensor_id, latest } of asset.sensors)
          this.readings.add(asset.asset_id, sensor_id, Date.parse(latest.timestamp));
      if (of.has("health_scores") && asset.health !== undefined)
        this.events.score(asset.asset_id, Date.parse(asset.health.timestamp));
    }
    this.to.event({ type: "snapshot", message });
    for (const channel of of) this.advance(channel, message.cursors[channel]);
  }

  private subscribed(message: Extract<ServerMessage, { type: "subscribed" }>): void {
    if (this.tenant_id !== undefined && this.tenant_id !== message.tenant_id)
      for (const channel of CHANNELS) {
        this.forget(channel);
        this.to.event({ type: "reset", channel, reason: "first" });
      }
    this.tenant_id = message.tenant_id;
    if (this.gap === "asked" && message.channels.includes("alerts")) this.gap = "answered";
    // A cursor that is held moves only by what comes after it: what is being replayed is not here yet.
    for (const channel of message.channels)
      if (this.cursors.get(channel) === undefined) this.advance(channel, message.cursors[channel]);
    this.to.subscribed(message);
  }

  private head(channel: Channel, head: string): void {
    const asked = this.asked.get(channel);
    const mine = this.cursors.get(channel);
    if (mine === undefined) {
      this.advance(channel, head);
      return;
    }
    // What was asked about has been replayed by now, so whatever lay between was not for this client.
    const from = asked !== undefined && isBeyond(asked, mine) ? asked : mine;
    this.advance(channel, from);
    this.asked.delete(channel);
    if (!isBeyond(head, from)) return;
    this.asked.set(channel, head);
    this.to.behind(channel);
  }

  private advance(channel: Channel, cursor: string | undefined): void {
    if (cursor !== undefined) this.cursors.set(channel, cursor);
  }
}
