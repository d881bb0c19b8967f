"use client";
import { useEffect } from "react";
import { useOpenAlerts } from "./use-open-alerts.ts";

/** Keeps the count of open alerts in front of the title, whatever page sets it: "(17) Fleet – FORESIGHT". */
export function TitleCount() {
  const { open } = useOpenAlerts();
  useEffect(() => {
    const apply = () => {
      const bare = document.title.replace(/^\(\d+\) /, "");
      const wanted = open > 0 ? `(${open}) ${bare}` : bare;
      if (document.title !== wanted) document.title = wanted;
    };
    apply();
    const watcher = new MutationObserver(apply);
    watcher.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => watcher.disconnect();
  }, [open]);
  return null;
}
