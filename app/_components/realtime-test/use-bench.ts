"use client";
import { useEffect, useMemo, useState } from "react";
import { CHANNELS, type Channel, type Format } from "../../../lib/protocol/messages.ts";
import {
  createRealtimeClient,
  createRealtimeStore,
  PausableReader,
  type RealtimeStore,
  type Subscription,
  type TransportKind,
  transportOf,
} from "../../_realtime/index.ts";
import { FrameBook } from "./frame-book.ts";
import { LogBook } from "./log-book.ts";

export interface BenchSettings {
  transport: TransportKind;
  channels: readonly Channel[];
  /** As typed: ids between commas; all where empty. */
  assets: string;
  max_rate: string;
  format: Format;
  reconnect: boolean;
}

const FIRST: BenchSettings = {
  transport: "socket.io",
  channels: CHANNELS,
  assets: "",
  max_rate: "",
  format: "binary",
  reconnect: true,
};

export function subscriptionOf({ channels, assets, max_rate, format }: BenchSettings): Subscription {
  const ids = assets
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  const rate = Number(max_rate);
  return {
    channels: [...channels],
    format,
    ...(ids.length > 0 && { assets: ids }),
    ...(rate > 0 && rate <= 1_000 && { max_rate: rate }),
  };
}

export interface Bench {
  settings: BenchSettings;
  change(change: Partial<BenchSettings>): void;
  store: RealtimeStore;
  log: LogBook;
  frames: FrameBook;
  reader: PausableReader;
  /** Whether the reader stands still. */
  paused: boolean;
  setPaused(paused: boolean): void;
  connect(): void;
  disconnect(): void;
}

/** A client of this page alone, apart from the one of the dashboard; idle until someone connects it. */
export function useBench(tenant_id: string): Bench {
  const [settings, setSettings] = useState(FIRST);
  const [wanted, setWanted] = useState(false);
  const [paused, setPaused] = useState(false);
  const { transport } = settings;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another transport is another client; the rest is changed on it
  const parts = useMemo(() => {
    const { reconnect } = settings;
    const reader = new PausableReader();
    const client = createRealtimeClient({
      tenant_id,
      transport: reader.of(transportOf(transport)),
      reconnect,
      ...subscriptionOf(settings),
    });
    return {
      reader,
      store: createRealtimeStore(client),
      log: new LogBook(
        () => Date.now(),
        () => client.connection().clock?.offset_ms,
      ),
      frames: new FrameBook(),
    };
  }, [tenant_id, transport]);

  useEffect(() => {
    const { store, log, frames } = parts;
    const stops = [
      store.client.on((event) => log.event(event)),
      store.client.onFrame((frame) => {
        log.frame(frame);
        frames.add(frame);
      }),
    ];
    store.start();
    setPaused(false);
    return () => {
      store.client.disconnect();
      store.stop();
      for (const stop of stops) stop();
      log.stop();
      frames.stop();
    };
  }, [parts]);

  const { client } = parts.store;
  useEffect(() => {
    if (wanted) client.connect();
    else client.disconnect();
  }, [client, wanted]);

  return {
    settings,
    ...parts,
    paused,
    setPaused(next) {
      setPaused(next);
      if (next) parts.reader.pause();
      else parts.reader.goOn();
    },
    change(change) {
      const next = { ...settings, ...change };
      setSettings(next);
      if (change.reconnect !== undefined) client.setReconnect(change.reconnect);
      if (change.transport === undefined && change.reconnect === undefined)
        client.subscribe(subscriptionOf(next));
    },
    connect() {
      setWanted(true);
      client.connect();
    },
    disconnect() {
      setWanted(false);
      client.disconnect();
    },
  };
}
