"use client";
import { useEffect } from "react";
import { useRealtimeStore } from "../../_realtime/index.ts";
import { chime, unlockSound } from "./chime.ts";
import { type Notice, onNotices } from "./gather.ts";
import { type Loudness, useLoudness } from "./preferences.ts";

function wanted(loudness: Loudness, notice: Notice): boolean {
  return loudness === "all" || (loudness === "critical" && notice.alerts[0]?.severity === "critical");
}

/** So long no other tab of this browser sounds for the same alert. */
const MINE_MS = 3_000;

/** Of several tabs only one makes the noise. */
function once(id: string, act: () => void): void {
  if (navigator.locks === undefined) {
    act();
    return;
  }
  void navigator.locks.request(`foresight-notice-${id}`, { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    act();
    await new Promise((resolve) => setTimeout(resolve, MINE_MS));
  });
}

/** Sounds and desktop notifications, where the reader has asked for them; stands once in every page. */
export function Notices() {
  const store = useRealtimeStore();
  const sound = useLoudness("sound");
  const desktop = useLoudness("desktop");

  useEffect(() => {
    if (sound === "off") return;
    unlockSound();
    window.addEventListener("pointerdown", unlockSound, { once: true });
    window.addEventListener("keydown", unlockSound, { once: true });
    return () => {
      window.removeEventListener("pointerdown", unlockSound);
      window.removeEventListener("keydown", unlockSound);
    };
  }, [sound]);

  useEffect(() => {
    if (sound === "off" && desktop === "off") return;
    return onNotices(store, (notice) => {
      const [worst] = notice.alerts;
      if (worst === undefined) return;
      if (wanted(sound, notice)) once(worst.id, () => chime(worst.severity === "critical"));
      if (!wanted(desktop, notice) || !("Notification" in window) || Notification.permission !== "granted")
        return;
      // The tag makes one of what several tabs show.
      const shown = new Notification(notice.title, { body: notice.detail, tag: `foresight-${worst.id}` });
      shown.onclick = () => {
        window.focus();
        window.location.assign(`/alerts?alert=${encodeURIComponent(worst.id)}`);
        shown.close();
      };
    });
  }, [store, sound, desktop]);
  return null;
}
