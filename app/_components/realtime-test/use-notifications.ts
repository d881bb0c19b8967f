"use client";
import { useEffect, useState } from "react";
import type { RealtimeStore } from "../../_realtime/index.ts";
import { onNotices } from "../notices/gather.ts";
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

/** Tells of alerts that are raised, where the reader asked for it. */
export function useNotifications(store: RealtimeStore): Notifications {
  const [toasts, setToasts] = useState(false);
  const [desktop, setDesktop] = useState(false);
  const [refused, setRefused] = useState(false);
  const [possible, setPossible] = useState(false);
  useEffect(() => setPossible("Notification" in window), []);

  useEffect(() => {
    if (!toasts && !desktop) return;
    return onNotices(store, ({ title, detail, alerts }) => {
      // Severe ones would stay until closed, and here they are only a trial.
      if (toasts) toast({ kind: alerts[0]?.severity === "info" ? "info" : "warning", title, detail });
      if (desktop) new Notification(title, { body: detail, tag: "foresight-alerts" });
    });
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
