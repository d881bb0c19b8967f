"use client";
import Link from "next/link";
import { ConnectionWords } from "../frame/connection-words.tsx";
import { useOpenAlerts } from "../frame/use-open-alerts.ts";
import { Button } from "../ui/button.tsx";
import { PaneHead } from "../ui/table.tsx";

export function FeedHead() {
  const { open } = useOpenAlerts();
  return (
    <PaneHead
      title="Alerts"
      note={
        <>
          <ConnectionWords />, by severity
        </>
      }
    >
      <Button asChild size="small">
        <Link href="/alerts">All {open}</Link>
      </Button>
    </PaneHead>
  );
}
