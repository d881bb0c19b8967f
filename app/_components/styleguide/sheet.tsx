import { type ReactNode, useId } from "react";
import { cn } from "../ui/cn.ts";

/** One kind of component in all its states. */
export function Sheet({
  title,
  note,
  wide = false,
  children,
}: {
  title: string;
  note?: string;
  /** Over the whole page. */
  wide?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={cn("min-w-0 border border-line-strong bg-surface p-4", wide && "col-span-full")}
    >
      <div className="mb-3 flex items-baseline justify-between gap-3">
        <h2 id={id} className="text-13 font-semibold">
          {title}
        </h2>
        {note && <span className="text-right text-12 text-muted">{note}</span>}
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3">{children}</div>
    </section>
  );
}

/** States beside each other. */
export function Row({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cn("flex flex-wrap items-center gap-x-4 gap-y-2", className)}>{children}</div>;
}
