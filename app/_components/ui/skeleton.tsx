import { cn } from "./cn.ts";

const keys = (count: number) => Array.from({ length: count }, (_, index) => `row-${index}`);

/** Rows in the exact size of what comes, shown after 150 ms; never a spinner. */
export function SkeletonRows({
  rows = 6,
  height = "h-[2.125rem]",
  label = "Loading",
}: {
  rows?: number;
  height?: string;
  label?: string;
}) {
  return (
    <div role="status" aria-label={label}>
      {keys(rows).map((key, index) => (
        <div key={key} className={cn("flex items-center gap-6 border-b border-line px-4", height)}>
          <span className="skel w-16 flex-none" />
          <span className="skel flex-none" style={{ width: `${6 + ((index * 37) % 5)}rem` }} />
          <span className="skel ml-auto flex-none" style={{ width: `${10 + ((index * 53) % 9)}rem` }} />
        </div>
      ))}
    </div>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <span className={cn("skel block", className)} aria-hidden="true" />;
}
