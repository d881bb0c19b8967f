"use client";
import { useEffect, useRef, useState } from "react";
import { useConnection } from "../stream.ts";

/** A page hidden for longer may have lost what came meanwhile: browsers slow such pages down, or put them to sleep. */
const HIDDEN_MS = 5_000;

/**
 * Rises when what was missed has to be asked again: the connection is live once more, or the page is seen again after
 * it was hidden.
 */
export function useRefresh(): number {
  const { live } = useConnection();
  const [round, setRound] = useState(0);
  const wasDown = useRef(false);
  useEffect(() => {
    if (!live) wasDown.current = true;
    else if (wasDown.current) {
      wasDown.current = false;
      setRound((before) => before + 1);
    }
  }, [live]);
  useEffect(() => {
    let hidden: number | undefined;
    const look = () => {
      if (document.hidden) hidden = Date.now();
      else if (hidden !== undefined && Date.now() - hidden > HIDDEN_MS) setRound((before) => before + 1);
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return round;
}
