"use client";
import { type FocusEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { isTyping, singleKeysOn } from "../ui/keys.ts";

export interface Held<Item> {
  shown: readonly Item[];
  /** How many new ones wait. */
  waiting: number;
  show: () => void;
  /** To spread on the list. */
  hold: {
    onPointerEnter: (event: PointerEvent) => void;
    onPointerLeave: () => void;
    onFocus: () => void;
    onBlur: (event: FocusEvent<HTMLElement>) => void;
  };
}

/**
 * Nothing moves by itself under the pointer or the focus: while one of them is in the list, what was on screen keeps
 * its place and what is new waits, until it is asked for ("."). The contents of what is shown still change.
 */
export function useHeld<Item extends { id: string }>(sorted: readonly Item[], scope = ""): Held<Item> {
  const [holding, setHolding] = useState(false);
  const order = useRef<{ scope: string; ids: string[] }>({ scope, ids: [] });
  const pointer = useRef(false);
  const focus = useRef(false);
  const [, redraw] = useState(0);
  const update = () => setHolding(pointer.current || focus.current);
  const take = () => {
    order.current = { scope, ids: sorted.map(({ id }) => id) };
  };

  let shown = sorted;
  if (holding && order.current.scope === scope && order.current.ids.length > 0) {
    const byId = new Map(sorted.map((item) => [item.id, item]));
    shown = order.current.ids.flatMap((id) => byId.get(id) ?? []);
  } else take();

  const waiting = sorted.length - shown.length;
  const show = () => {
    take();
    redraw((round) => round + 1);
  };
  const showNow = useRef(show);
  showNow.current = show;
  useEffect(() => {
    if (waiting === 0) return;
    const press = (event: KeyboardEvent) => {
      if (event.key !== "." || isTyping(event) || !singleKeysOn()) return;
      event.preventDefault();
      showNow.current();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [waiting]);

  return {
    shown,
    waiting,
    show,
    hold: {
      onPointerEnter: (event) => {
        pointer.current = event.pointerType === "mouse";
        update();
      },
      onPointerLeave: () => {
        pointer.current = false;
        update();
      },
      onFocus: () => {
        focus.current = true;
        update();
      },
      onBlur: (event) => {
        focus.current = event.currentTarget.contains(event.relatedTarget);
        update();
      },
    },
  };
}
