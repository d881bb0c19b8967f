import type { Metadata } from "next";
import Link from "next/link";
import { Mark } from "./_components/frame/mark.tsx";
import { Button } from "./_components/ui/button.tsx";
import { Empty } from "./_components/ui/notes.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-content-center gap-6 p-6">
      <Mark />
      <Empty title="There is no such page" className="w-full max-w-[36rem] bg-surface p-6">
        <h1 className="sr-only">There is no such page</h1>
        <p>
          The address leads nowhere. Fleet, alerts, upload, test page and settings are reached from the top
          bar.
        </p>
        <Button asChild look="primary">
          <Link href="/">To the fleet</Link>
        </Button>
      </Empty>
    </main>
  );
}
