import type { ReactNode } from "react";
import type { Loaded } from "../api/use-request.ts";
import { Failure } from "../ui/failure.tsx";
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
      <Failure title={`The ${what} could not be read.`} error={loaded.error} onRetry={loaded.reload} />
    </div>
  );
}
