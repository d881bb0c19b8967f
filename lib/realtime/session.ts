import { type ErrorCode, isForesightError } from "../domain/errors.ts";
import type { LogPosition } from "../domain/log-position.ts";
import { type EpochMs, formatTimestamp } from "../domain/time.ts";
import type { Logger } from "../ports/system.ts";
import type { ClientMessage } from "../protocol/client-message.ts";
import { snapshotPositions } from "../protocol/codec.ts";
import { encodeCursor } from "../protocol/cursor.ts";
import {
  type Channel,
  CLOSE,
  PROTOCOL_VERSION,
  type ResetReason,
  type ServerMessage,
} from "../protocol/messages.ts";
import { judgeClientMessage } from "./client-message.ts";
import type { Connection, Frames } from "./connection.ts";
import { controlPayload } from "./control.ts";
import type { RealtimeLimits } from "./limits.ts";
import type { ChannelSubscription, Recipient } from "./member.ts";
import { MessageBudget } from "./message-budget.ts";
import { Outbox, type OutboxServices } from "./outbox.ts";
import { reached, sameLog } from "./positions.ts";
import type { SharedSnapshots } from "./snapshots.ts";
import { startOf } from "./start-of.ts";
import type { AnyStream } from "./stream.ts";
import type { Wish } from "./wish.ts";

export interface SessionServices extends OutboxServices {
  limits: RealtimeLimits;
  snapshots: SharedSnapshots;
  logger: Logger;
  now(): EpochMs;
  stream(channel: Channel, tenant_id: string): Promise<AnyStream>;
  /** The session is over. */
  closed(session: Session): void;
}

export interface SessionOptions {
  /** What the socket may subscribe to. */
  channels: readonly Channel[];
  /** Subscribed without being asked. */
  unasked?: readonly Channel[];
}

/**
 * One socket's conversation: what it asks for and how each channel begins. Most sockets say little, and there are
 * many of them, so what only some need is made when it is needed.
 */
export class Session implements Recipient {
  readonly outbox: Outbox;
  private subscriptions: Partial<Record<Channel, ChannelSubscription>> = {};
  private budget: MessageBudget | undefined;
  private work: Promise<void> | undefined;
  private closed = false;

  constructor(
    readonly connection: Connection,
    private readonly options: SessionOptions,
    private readonly services: SessionServices,
  ) {
    this.outbox = new Outbox(connection, services);
    const { unasked = [] } = options;
    if (unasked.length > 0)
      this.later(
        () => this.subscribe({ type: "subscribe", channels: [...unasked] }),
        // The client did not ask, so it would not ask again either.
        () => connection.close(CLOSE.SHUTTING_DOWN, "The stream is not available now; come back."),
      );
  }

  /** A message as the client sent it, parsed but not checked. */
  receive(value: unknown): void {
    if (this.closed) return;
    const now = this.services.now();
    const { messages_per_minute } = this.services.limits;
    this.budget ??= new MessageBudget(messages_per_minute);
    if (!this.budget.take(now)) {
      this.services.metrics.increment("foresight_client_messages_refused_total", { code: "rate_limited" });
      if (this.budget.tellsNow(now))
        this.fail("rate_limited", `At most ${messages_per_minute} messages a minute.`);
      return;
    }
    const judged = judgeClientMessage(value, this.options.channels);
    if ("code" in judged) {
      this.services.metrics.increment("foresight_client_messages_refused_total", { code: judged.code });
      this.fail(judged.code, judged.reason);
      return;
    }
    const { message } = judged;
    if (message.type === "ping")
      this.send({
        type: "pong",
        ...(message.t !== undefined && { t: message.t }),
        timestamp: formatTimestamp(now),
      });
    else if (message.type === "subscribe") this.later(() => this.subscribe(message));
    else if (message.type === "unsubscribe") this.later(() => this.unsubscribe(message.channels));
  }

  /** What could not be parsed. */
  fail(code: ErrorCode, message: string): void {
    this.send({ type: "error", code, message });
  }

  /** Tells where each channel stands, so that the client notices what it lacks; `shared` serves many sessions. */
  announceHeads(shared: Map<string, Frames>, stalled: (channel: Channel) => boolean): void {
    if (this.closed || this.outbox.lagging) return;
    const { wire } = this.connection;
    const timestamp = formatTimestamp(this.services.now());
    const announce = (key: string, message: () => ServerMessage) => {
      let frames = shared.get(`${wire.id} ${key}`);
      if (frames === undefined) {
        frames = wire.frame([controlPayload(message())]);
        shared.set(`${wire.id} ${key}`, frames);
      }
      this.connection.write(frames);
    };
    const live = Object.values(this.subscriptions).filter((subscription) => subscription.live);
    for (const { channel, sent } of live)
      announce(`${channel} ${sent}`, () => ({
        type: "head",
        channel,
        cursor: sent,
        timestamp,
        ...(stalled(channel) && { stalled: true }),
      }));
    if (live.length === 0) announce("ping", () => ({ type: "ping", timestamp }));
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const subscription of Object.values(this.subscriptions)) subscription.end();
    this.subscriptions = {};
    this.outbox.discard();
    this.services.closed(this);
  }

  /** One after the other, in the order in which they came. */
  private later(act: () => Promise<void> | void, failed: () => void = () => undefined): void {
    const done = (this.work ?? Promise.resolve()).then(async () => {
      if (this.closed) return;
      try {
        await act();
      } catch (error) {
        if (!isForesightError(error))
          this.services.logger.error({ error: String(error) }, "a subscription failed");
        const [code, message] = isForesightError(error)
          ? [error.code, error.message]
          : (["internal", "The subscription failed; try again."] as const);
        this.fail(code, message);
        failed();
      }
    });
    this.work = done;
    void done.then(() => {
      if (this.work === done) this.work = undefined;
    });
  }

  private async subscribe(message: Extract<ClientMessage, { type: "subscribe" }>): Promise<void> {
    const { tenant_id } = this.connection.principal;
    const wish: Wish = {
      format: message.format ?? "message",
      ...(message.assets !== undefined && { assets: new Set(message.assets) }),
      ...(message.max_rate !== undefined && { max_rate: message.max_rate }),
    };
    const { cursors = {} } = message;
    const begun = await Promise.all(
      (message.channels as Channel[]).map(async (channel) => {
        const stream = await this.services.stream(channel, tenant_id);
        const cursor = Object.hasOwn(cursors, channel) ? cursors[channel] : undefined;
        const start = await startOf(stream, cursor, this.services.limits.replay_records);
        return { channel, stream, start };
      }),
    );
    await this.begin(begun, wish, true);
  }

  /** Subscribes each channel where it resumes, or from one snapshot for all that begin anew. */
  private async begin(
    begun: {
      channel: Channel;
      stream: AnyStream;
      start: { resume: LogPosition } | { reset: ResetReason };
    }[],
    wish: Wish,
    answer: boolean,
  ): Promise<void> {
    const { tenant_id } = this.connection.principal;
    const anew = begun.filter(({ start }) => "reset" in start).map(({ channel }) => channel);
    const shared = anew.length > 0 ? await this.services.snapshots.get(tenant_id) : undefined;
    const from = await Promise.all(
      begun.map(async ({ channel, stream, start }) => {
        if ("resume" in start) return start.resume;
        const position = snapshotPositions(shared!.snapshot)[channel];
        if (position.log_id === stream.source.log_id && stream.remembers(position.next)) return position;
        // A processor that has not run on this log yet, or is further behind than what is kept.
        const earliest = await stream.source.earliest();
        return sameLog(position, earliest) && reached(position.next, earliest.next) ? position : earliest;
      }),
    );
    if (this.closed) return;
    if (answer)
      this.send({
        type: "subscribed",
        version: PROTOCOL_VERSION,
        tenant_id,
        channels: begun.map(({ channel }) => channel),
        cursors: Object.fromEntries(begun.map(({ channel }, i) => [channel, encodeCursor(from[i]!)])),
        recovered: Object.fromEntries(begun.map(({ channel, start }) => [channel, "resume" in start])),
        timestamp: formatTimestamp(this.services.now()),
      });
    for (const { channel, start } of begun)
      if ("reset" in start) {
        this.services.metrics.increment("foresight_resets_total", { reason: start.reset });
        this.send({ type: "reset", channel, reason: start.reset });
      }
    if (shared !== undefined)
      this.connection.write(
        shared.frame(
          { channels: anew, ...(wish.assets !== undefined && { assets: wish.assets }) },
          this.connection.wire,
        ),
      );
    for (const [i, { channel, stream }] of begun.entries()) {
      this.subscriptions[channel]?.end();
      const subscription = stream.subscribe(this, wish, from[i]!.next, () => {
        if (this.subscriptions[channel] !== subscription) return;
        this.later(() => this.begin([{ channel, stream, start: { reset: "expired" } }], wish, false));
      });
      this.subscriptions[channel] = subscription;
    }
  }

  private unsubscribe(channels: readonly string[]): void {
    for (const channel of channels as Channel[]) {
      this.subscriptions[channel]?.end();
      delete this.subscriptions[channel];
    }
    this.send({ type: "unsubscribed", channels: channels as Channel[] });
  }

  private send(message: ServerMessage): void {
    if (this.closed) return;
    this.connection.write(this.connection.wire.frame([controlPayload(message)]));
  }
}
