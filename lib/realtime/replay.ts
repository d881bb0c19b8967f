import { isForesightError } from "../domain/errors.ts";
import type { EpochMs } from "../domain/time.ts";
import { encodeCursor } from "../protocol/cursor.ts";
import type { Frames, Wire } from "./connection.ts";
import type { RealtimeLimits } from "./limits.ts";
import type { Member } from "./member.ts";
import { furthest, type Offsets, reached } from "./positions.ts";
import type { RoomLike } from "./room.ts";
import { type Run, runsFrom } from "./runs.ts";
import type { Segment, SegmentRing } from "./segment-ring.ts";
import type { Source } from "./source.ts";
import type { Wish } from "./wish.ts";

export interface ReplayServices {
  limits: RealtimeLimits;
  now(): EpochMs;
  /** A moment later, in which sockets may have drained. */
  moment(): Promise<void>;
}

/** A stream as far as a replay of it goes. */
export interface Replayed<V> {
  readonly ring: SegmentRing<V>;
  readonly source: Source<V>;
  readonly services: ReplayServices;
  /** Whether something was pushed and is not flushed yet. */
  readonly waiting: boolean;
  /** Whether what follows the offsets is in memory. */
  remembers(from: Offsets): boolean;
  flush(now: EpochMs): void;
  /** For members that catch up: what their room would want. */
  roomLike(wish: Wish): RoomLike<V>;
  /** The segment as the room wants it, framed once for each kind of wire; `null` where it wants nothing of it. */
  framesOf(segment: Segment<V>, room: RoomLike<V>, wire: Wire, now: EpochMs): Frames | null;
  /** The member has everything that was flushed and follows from now on. */
  join(member: Member<V>): void;
}

/**
 * Gives a member everything from `from` on, at the pace at which its socket drains: from the log where memory does
 * not reach, then from memory, and lets it follow the stream once it has all that the rooms have. A position that
 * lies ahead of this instance waits until the instance gets there.
 */
export async function replay<V>(
  stream: Replayed<V>,
  member: Member<V>,
  from: Offsets,
  expired: () => void,
): Promise<void> {
  let position = from;
  while (!member.ended) {
    if (!stream.remembers(position)) {
      const older = await readOlder(stream, position);
      if (older === "expired") return expired();
      if (member.ended) return;
      if (older !== undefined) {
        write(stream, member, older.runs, older.next);
        position = furthest(position, older.next);
      }
      await drained(stream, member);
      continue;
    }
    position = await fromMemory(stream, member, position);
    if (member.ended) return;
    // From here to `join` nothing may be waited for, or what comes meanwhile would be missed.
    if (stream.waiting) stream.flush(stream.services.now());
    else if (stream.ring.at(stream.ring.locate(position)) !== undefined) continue;
    else if (reached(stream.source.position(), position)) return stream.join(member);
    else await stream.source.moved();
  }
}

/** Writes what is in memory. @returns the position behind it */
async function fromMemory<V>(stream: Replayed<V>, member: Member<V>, from: Offsets): Promise<Offsets> {
  const { ring } = stream;
  const { connection } = member.recipient;
  const room = stream.roomLike(member.wish);
  let position = from;
  let index = ring.locate(position);
  for (let segment = ring.at(index); segment !== undefined; segment = ring.at(++index)) {
    const rest = runsFrom(segment.runs, position);
    const now = stream.services.now();
    if (rest === segment.runs) {
      const frames = stream.framesOf(segment, room, connection.wire, now);
      if (frames !== null) {
        connection.write(frames);
        member.delivered(segment.cursor);
      }
    } else write(stream, member, rest, segment.next);
    position = furthest(position, segment.next);
    if (isFull(stream, member)) {
      await drained(stream, member);
      if (member.ended || !ring.covers(position)) return position;
      index = ring.locate(position) - 1;
    }
  }
  return position;
}

function write<V>(stream: Replayed<V>, member: Member<V>, runs: readonly Run<V>[], next: Offsets): void {
  const wanted = stream.roomLike(member.wish).wanted(runs);
  const cursor = encodeCursor({ log_id: stream.source.log_id, next: { ...next } });
  const payloads = member.encode(wanted, cursor, stream.services.now());
  if (payloads.length === 0) return;
  const { connection } = member.recipient;
  connection.write(connection.wire.frame(payloads));
  member.delivered(cursor);
}

function isFull<V>(stream: Replayed<V>, member: Member<V>): boolean {
  return member.recipient.connection.buffered() > stream.services.limits.caught_up_bytes;
}

async function drained<V>(stream: Replayed<V>, member: Member<V>): Promise<void> {
  const { services } = stream;
  const since = services.now();
  while (!member.ended && isFull(stream, member)) {
    if (services.now() - since > services.limits.lag_ms) {
      member.recipient.outbox.giveUp();
      member.end();
      return;
    }
    await services.moment();
  }
}

/** @returns `undefined` where the log could not be read now */
async function readOlder<V>(stream: Replayed<V>, from: Offsets) {
  try {
    return await stream.source.read(from);
  } catch (error) {
    if (isForesightError(error) && error.code === "invalid_request") return "expired";
    await stream.services.moment();
    return undefined;
  }
}
