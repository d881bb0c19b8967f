"use client";
import { Button } from "../ui/button.tsx";
import { Command } from "../ui/command.tsx";
import { Note } from "../ui/notes.tsx";

/** What failed, what still works, what to do; the code last. */
export function PageError({ digest, reset }: { digest: string | undefined; reset: () => void }) {
  return (
    <main className="grid place-items-center p-6">
      <div className="grid w-full max-w-[36rem] gap-4">
        <h1 className="text-20 font-semibold">This page could not be shown</h1>
        <Note
          kind="critical"
          title="Something in it failed."
          live
          code={digest}
          actions={
            <Button size="small" onClick={reset}>
              Try again
            </Button>
          }
        >
          Readings are still taken in and the other pages still work. If it stays, this says what the server
          lacks:
        </Note>
        <Command text="npx foresight doctor" />
      </div>
    </main>
  );
}
