import type { EpochMs } from "../domain/time.ts";
import { encodeCursor } from "../protocol/cursor.ts";
import { CLOSE } from "../protocol/messages.ts";
import type { ChannelKind } from "./channel-kinds.ts";
import type { Frames, Payload, Wire } from "./connection.ts";
import { type ChannelSubscription, Member, type Recipient } from "./member.ts";
import { advanced, type Offsets } from "./positions.ts";
import { type Replayed, type ReplayServices, replay } from "./replay.ts";
import { Room, type RoomLike } from "./room.ts";
import { countOf, filterRuns, type Run } from "./runs.ts";
import { type Segment, SegmentRing } from "./segment-ring.ts";
import type { Source } from "./source.ts";
import { type Wish, wishKey } from "./wish.ts";

export interface StreamServices extends ReplayServices {
  /** Something is waiting to be flushed. */
  changed(stream: AnyStream): void;
  /** A defect: something that cannot happen. */
  failed(error: unknown): void;
}

/** A stream whatever its values are. */
export interface AnyStream {
  /** @returns whether it wants to be flushed again at the next tick */
  flush(now: EpochMs): boolean;
  /** Everything up to here has been given to the rooms. */
  readonly cursor: string;
  readonly source: Omit<Source<unknown>, "read">;
  /** Whether what follows the offsets is in memory. */
  remembers(from: Offsets): boolean;
  /**
   * Replays from `from` on, then follows. `expired` is called, and the subscription ended, where what was to be
   * replayed is no longer kept.
   */
  subscribe(recipient: Recipient, wish: Wish, from: Offsets, expired: () => void): ChannelSubscription;
}

/** One channel of one tenant: what came lately, and the rooms that it is given to, once a tick. */
export class Stream<V> implements AnyStream, Replayed<V> {
  readonly ring: SegmentRing<V>;
  private readonly rooms = new Map<string, Room<V>>();
  private pending: Run<V>[] = [];
  private next: Offsets;
  cursor: string;

  constructor(
    readonly kind: ChannelKind<V>,
    readonly source: Source<V>,
    readonly services: StreamServices,
    start: Offsets,
  ) {
    this.next = start;
    this.cursor = encodeCursor({ log_id: source.log_id, next: { ...start } });
    this.ring = new SegmentRing(start, services.limits);
  }

  push(run: Run<V>): void {
    if (run.values.length === 0) return;
    this.pending.push(run);
    this.next = advanced(this.next, run.partition, run.first_offset + run.values.length);
    this.services.changed(this);
  }

  get waiting(): boolean {
    return this.pending.length > 0;
  }

  remembers(from: Offsets): boolean {
    return this.ring.covers(from);
  }

  flush(now: EpochMs): boolean {
    const runs = this.pending;
    let segment: Segment<V> | undefined;
    if (runs.length > 0) {
      this.pending = [];
      this.cursor = encodeCursor({ log_id: this.source.log_id, next: { ...this.next } });
      const bytes = countOf(runs) * this.kind.value_bytes;
      segment = this.ring.push({ at: now, runs, next: this.next, cursor: this.cursor, bytes });
    }
    let again = false;
    const payloads = new Map<string, Payload[]>();
    for (const room of this.rooms.values()) {
      if (room.rate !== undefined) again = this.flushRated(room, room.rate, runs, now) || again;
      else if (segment !== undefined) this.flushRoom(room, segment, payloads, now);
    }
    return again;
  }

  private flushRoom(
    room: Room<V>,
    segment: Segment<V>,
    payloads: Map<string, Payload[]>,
    now: EpochMs,
  ): void {
    const runs = () => room.wanted(segment.runs);
    // Most neighbours speak over the same wire, so frames are looked up when it changes, not for each socket.
    let framed_for: Wire | undefined;
    let frames: Frames | null = null;
    for (const member of room.members) {
      const { connection, outbox } = member.recipient;
      const { wire } = connection;
      if (wire !== framed_for) {
        frames = this.framesOf(segment, room, wire, now, payloads);
        framed_for = wire;
      }
      if (frames !== null) outbox.deliver(member, frames, runs, segment.cursor, now);
    }
  }

  private flushRated(
    room: Room<V>,
    rate: NonNullable<Room<V>["rate"]>,
    runs: readonly Run<V>[],
    now: EpochMs,
  ): boolean {
    const passed = rate.pass(room.wanted(runs), this.cursor, now);
    if (passed.runs.length > 0) {
      const payloads = this.kind.encode(passed.runs, room.wish.format, passed.cursor, now);
      const framed = new Map<string, Frames>();
      for (const member of room.members) {
        const { connection, outbox } = member.recipient;
        let frames = framed.get(connection.wire.id);
        if (frames === undefined) {
          frames = connection.wire.frame(payloads);
          framed.set(connection.wire.id, frames);
        }
        outbox.deliver(member, frames, () => passed.runs, passed.cursor, now);
      }
    }
    return rate.nextDue() !== undefined;
  }

  framesOf(
    segment: Segment<V>,
    room: RoomLike<V>,
    wire: Wire,
    now: EpochMs,
    payloads?: Map<string, Payload[]>,
  ): Frames | null {
    const key = `${wire.id} ${room.key}`;
    const known = segment.frames.get(key);
    if (known !== undefined) return known;
    let encoded = payloads?.get(room.key);
    if (encoded === undefined) {
      encoded = this.kind.encode(room.wanted(segment.runs), room.wish.format, segment.cursor, now);
      payloads?.set(room.key, encoded);
    }
    const frames = encoded.length === 0 ? null : wire.frame(encoded);
    this.ring.keepFrames(segment, key, frames);
    return frames;
  }

  subscribe(recipient: Recipient, wish: Wish, from: Offsets, expired: () => void): ChannelSubscription {
    const sent = encodeCursor({ log_id: this.source.log_id, next: { ...from } });
    const member = new Member<V>(this.kind, recipient, wish, sent, (left) => this.leave(left));
    replay(this, member, from, () => {
      if (member.ended) return;
      member.end();
      expired();
    }).catch((error: unknown) => {
      this.services.failed(error);
      recipient.connection.close(CLOSE.SHUTTING_DOWN, "The stream was interrupted; come back and resume.");
    });
    return member;
  }

  join(member: Member<V>): void {
    const key = wishKey(member.wish);
    let room = this.rooms.get(key);
    if (room === undefined) {
      room = new Room(key, this.kind, member.wish, this.cursor);
      this.rooms.set(key, room);
    }
    room.members.add(member);
    member.live = true;
  }

  roomLike(wish: Wish): RoomLike<V> {
    const { max_rate: _, ...unhurried } = wish;
    const { assets } = wish;
    return {
      key: wishKey(unhurried),
      wish: unhurried,
      wanted: (runs) =>
        assets === undefined ? runs : filterRuns(runs, (value) => assets.has(this.kind.assetOf(value))),
    };
  }

  private leave(member: Member<V>): void {
    const key = wishKey(member.wish);
    const room = this.rooms.get(key);
    if (!room?.members.delete(member)) return;
    if (room.members.size === 0) this.rooms.delete(key);
  }
}
