import type { ReactNode } from "react";
import { codeOfError, sentenceOf } from "../api/request.ts";
import type { Loaded } from "../api/use-request.ts";
import { Button } from "../ui/button.tsx";
import { Note } from "../ui/notes.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";

/** What was loaded, or that it loads, or why it could not be. */
export function WhenLoaded<Answer>({
  loaded,
  what,
  children,
}: {
  loaded: Pick<Loaded<Answer>, "data" | "error" | "reload">;
  what: string;
  children: (data: Answer) => ReactNode;
}) {
  if (loaded.data !== undefined) return children(loaded.data);
  if (loaded.error === undefined) return <SkeletonRows rows={3} label={`Loading ${what}`} />;
  return (
    <div className="p-4">
      <Note
        kind="critical"
        title={`The ${what} could not be read.`}
        code={codeOfError(loaded.error)}
        actions={
          <Button size="small" onClick={loaded.reload}>
            Try again
          </Button>
        }
      >
        {sentenceOf(loaded.error)}
      </Note>
    </div>
  );
}
