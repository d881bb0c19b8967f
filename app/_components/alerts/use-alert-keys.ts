"use client";
import { useRouter } from "next/navigation";
import { type RefObject, useEffect, useRef } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { assetHref } from "../fleet/fleet-row.tsx";
import { isTyping, isUndo, singleKeysOn } from "../ui/keys.ts";
import type { AlertAction } from "./alert-actions.ts";

export interface AlertKeys {
  shown: readonly WireAlert[];
  cursor: string | undefined;
  setCursor: (id: string) => void;
  chosen: ReadonlySet<string>;
  select: (id: string, on: boolean) => void;
  clear: () => void;
  opened: string | undefined;
  open: (id: string | undefined) => void;
  search: RefObject<HTMLInputElement | null>;
  help: () => void;
  act: (action: AlertAction, alerts: WireAlert[]) => void;
  undo: () => void;
}

/** The keyboard of the list: what is selected is acted on, else where the cursor stands. */
export function useAlertKeys(given: AlertKeys): void {
  const router = useRouter();
  const latest = useRef(given);
  latest.current = given;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isUndo(event)) {
        event.preventDefault();
        latest.current.undo();
        return;
      }
      if (isTyping(event) || !singleKeysOn()) return;
      const { shown, cursor, setCursor, chosen, select, clear, opened, open, search, help, act, undo } =
        latest.current;
      const at = shown.findIndex(({ id }) => id === cursor);
      const current = shown[at];
      const move = (by: number) => {
        const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
        if (!next) return;
        setCursor(next.id);
        if (event.shiftKey) select(next.id, true);
        if (opened !== undefined) open(next.id);
      };
      const targets = chosen.size > 0 ? shown.filter(({ id }) => chosen.has(id)) : current ? [current] : [];
      const keys: Record<string, () => void> = {
        j: () => move(1),
        k: () => move(-1),
        x: () => current && select(current.id, !chosen.has(current.id)),
        a: () => act("acknowledge", targets),
        r: () => act("resolve", targets),
        u: undo,
        o: () => current && router.push(assetHref(current.asset_id)),
        "/": () => search.current?.focus(),
        "?": help,
        Enter: () => {
          if (current && !(event.target instanceof HTMLElement && event.target.closest("button,a")))
            open(current.id);
        },
        Escape: () => (opened !== undefined ? open(undefined) : clear()),
      };
      const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!action) return;
      if (event.key !== "Enter") event.preventDefault();
      action();
    };
    // On the document, so that what the window's listeners see of the same key is taken already.
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [router]);
}
