"use client";
import { useEffect, useRef, useState } from "react";
import { useConnection } from "../stream.ts";

/**
 * Rises when what was missed has to be asked again: the connection is live once more, or the page is seen again after
 * it was hidden for longer than live readings are kept.
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
  return round;
}
