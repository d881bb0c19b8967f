"use client";
import { useEffect, useState } from "react";
import type { AlertMessage } from "../../../lib/protocol/messages.ts";
import type { RealtimeStore } from "../../_realtime/index.ts";
import { plural } from "../ui/format.ts";
import { toast } from "../ui/toast.tsx";

export interface Notifications {
  toasts: boolean;
  setToasts(on: boolean): void;
  desktop: boolean;
  setDesktop(on: boolean): void;
  /** The browser knows desktop notifications. */
  possible: boolean;
  /** The reader has forbidden them to this site. */
  refused: boolean;
}

/** A burst becomes one notification with its number. */
const GATHER_MS = 1_000;

/** Tells of alerts that are raised, where the reader asked for it. */
export function useNotifications(store: RealtimeStore): Notifications {
  const [toasts, setToasts] = useState(false);
  const [desktop, setDesktop] = useState(false);
  const [refused, setRefused] = useState(false);
  const [possible, setPossible] = useState(false);
  useEffect(() => setPossible("Notification" in window), []);

  useEffect(() => {
    if (!toasts && !desktop) return;
    let gathered: AlertMessage[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      timer = undefined;
      const [first, ...rest] = gathered.splice(0);
      if (first === undefined) return;
      const all = [first, ...rest];
      const title = rest.length === 0 ? first.data.title : plural(all.length, "new alert");
      const detail =
        rest.length === 0
          ? `${first.data.asset_id}, ${first.data.severity}`
          : [...new Set(all.map(({ data }) => data.asset_id))].slice(0, 5).join(", ");
      // Severe ones would stay until closed, and here they are only a trial.
      if (toasts) toast({ kind: first.data.severity === "info" ? "info" : "warning", title, detail });
      if (desktop) new Notification(title, { body: detail, tag: "foresight-alerts" });
    };
    const stop = store.subscribeMessages((message) => {
      if (message.type !== "alert_triggered") return;
      gathered = [...gathered, message];
      timer ??= setTimeout(tell, GATHER_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store, toasts, desktop]);

  return {
    toasts,
    setToasts,
    desktop,
    setDesktop(on) {
      if (!on) return setDesktop(false);
      void Notification.requestPermission().then((permission) => {
        setRefused(permission === "denied");
        setDesktop(permission === "granted");
      });
    },
    possible,
    refused,
  };
}
