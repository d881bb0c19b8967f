import type { EventLog } from "../ports/event-log.ts";
import type { Store } from "../ports/store.ts";
import type { Clock, Logger, Metrics, Service } from "../ports/system.ts";
import type { Channel } from "../protocol/messages.ts";
import { AlertWatcher } from "./alert-watcher.ts";
import { Bridge } from "./bridge.ts";
import { healthKind, sensorKind } from "./channel-kinds.ts";
import type { Connection, Frames } from "./connection.ts";
import { Hub } from "./hub.ts";
import { REALTIME_LIMITS, type RealtimeLimits } from "./limits.ts";
import { NewestHealth } from "./newest-health.ts";
import { Session, type SessionOptions } from "./session.ts";
import { SharedSnapshots } from "./snapshots.ts";
import { StallWatch } from "./stall-watch.ts";
import type { AnyStream } from "./stream.ts";

export interface RealtimeOptions extends Partial<RealtimeLimits> {
  log: EventLog;
  store: Pick<Store, "snapshot" | "onAlertEvents" | "alertEvents" | "lastAlertSeq" | "alertLogId">;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

/** What a gateway does with a session. */
export interface RealtimeSession {
  /** A message as the client sent it, parsed but not checked. */
  receive(value: unknown): void;
  /** Tells the client what is wrong with what it sent. */
  fail: Session["fail"];
  /** The socket is gone. */
  close(): void;
}

export interface Realtime extends Service {
  /** Begins the conversation with an authenticated socket. */
  open(connection: Connection, options: SessionOptions): RealtimeSession;
  /** How many sockets there are, and how many records of the log are not read yet. */
  state(): Promise<{ sessions: number; behind: number }>;
}

/**
 * The stream between the event log and the sockets. `start` resolves when the history of the last two minutes is
 * in memory, so that whoever was connected before a restart can resume.
 */
export function createRealtime(options: RealtimeOptions): Realtime {
  const { log, clock, logger, metrics } = options;
  const store = options.store as Store;
  const limits: RealtimeLimits = { ...REALTIME_LIMITS };
  for (const key of Object.keys(limits) as (keyof RealtimeLimits)[])
    if (options[key] !== undefined) limits[key] = options[key];

  const hub = new Hub(clock, limits, logger);
  const now = () => clock.now();
  const readings = new Bridge({
    log,
    topic: "sensor_readings",
    channel: "sensor_data",
    hub,
    kindOf: sensorKind,
  });
  const newest = new NewestHealth();
  const health = new Bridge({
    log,
    topic: "health_scores",
    channel: "health_scores",
    hub,
    kindOf: () => healthKind,
    admit: (tenant_id, run) => newest.admit(tenant_id, run),
  });
  const alerts = new AlertWatcher(store, hub, logger);
  const snapshots = new SharedSnapshots(store, now, limits.snapshot_ms);
  const sessions = new Set<Session>();
  const log_watch = new StallWatch(
    { behind: () => readings.behind(), position: () => JSON.stringify(readings.position()) },
    limits.look_every_ms,
  );
  const alert_watch = new StallWatch(
    { behind: () => alerts.verify().then(() => 0), position: () => "" },
    limits.look_every_ms,
  );
  let looks: NodeJS.Timeout | undefined;
  let looking = false;
  let heads: NodeJS.Timeout | undefined;
  let started: Promise<void> | undefined;
  let stopped = false;

  const stream = async (channel: Channel, tenant_id: string): Promise<AnyStream> => {
    if (channel === "alerts") return alerts.stream(tenant_id);
    return channel === "sensor_data" ? readings.stream(tenant_id) : health.stream(tenant_id);
  };
  const services = {
    limits,
    snapshots,
    logger,
    metrics,
    now,
    stream,
    lags: (outbox: Session["outbox"]) => hub.lags(outbox),
    closed: (session: Session) => void sessions.delete(session),
  };

  const stalled = (channel: Channel) => (channel === "alerts" ? alert_watch : log_watch).stalled;

  function announce(): void {
    const shared = new Map<string, Frames>();
    for (const session of sessions) session.announceHeads(shared, stalled);
  }

  /** A source that stands is told at once, and so is its return. */
  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    const changed = await Promise.all([log_watch.look(), alert_watch.look()]);
    looking = false;
    metrics.gauge("foresight_stream_stalled", log_watch.stalled || alert_watch.stalled ? 1 : 0);
    if (!changed.includes(true)) return;
    const standing = { log: log_watch.stalled, alerts: alert_watch.stalled };
    if (standing.log || standing.alerts) logger.warn({ stalled: standing }, "the stream stands");
    else logger.info({}, "the stream goes on");
    announce();
  }

  async function verify(): Promise<void> {
    metrics.gauge("foresight_stream_behind_records", await readings.behind());
  }

  return {
    start() {
      started ??= (async () => {
        const since = now() - limits.history_ms;
        alerts.start();
        await Promise.all([readings.start(since), health.start(since)]);
        heads = setInterval(() => {
          announce();
          verify().catch((error: unknown) =>
            logger.debug({ error: String(error) }, "the heads of the streams could not be verified"),
          );
        }, limits.head_every_ms);
        looks = setInterval(() => void look(), limits.look_every_ms);
      })();
      return started;
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      clearInterval(heads);
      clearInterval(looks);
      alerts.stop();
      for (const session of sessions) session.close();
      await Promise.all([readings.stop(), health.stop()]);
      hub.stop();
    },
    open(connection, session_options) {
      const session = new Session(connection, session_options, services);
      sessions.add(session);
      return session;
    },
    async state() {
      return { sessions: sessions.size, behind: await readings.behind() };
    },
  };
}
