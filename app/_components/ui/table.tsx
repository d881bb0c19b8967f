import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";

/** A real table of 26–34 px rows between hairlines; scrolls sideways by itself where it must. */
export function Table({
  label,
  children,
  className,
}: {
  label: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section aria-label={`${label}, table`} tabIndex={0} className="relative min-w-0 overflow-x-auto">
      <table className={cn("w-full border-collapse text-13", className)}>{children}</table>
    </section>
  );
}

export function Th({ className, scope = "col", ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope={scope}
      className={cn(
        "h-[1.875rem] border-b border-line-strong px-1.5 text-left text-11 font-medium whitespace-nowrap text-muted first:pl-4 last:pr-4",
        className,
      )}
      {...rest}
    />
  );
}

export function Td({ className, ...rest }: ComponentProps<"td">) {
  return (
    <td
      className={cn("h-[2.125rem] border-b border-line px-1.5 first:pl-4 last:pr-4", className)}
      {...rest}
    />
  );
}

/** The head of a pane. */
export function PaneHead({
  title,
  note,
  children,
  level = 2,
}: {
  title: ReactNode;
  note?: ReactNode;
  children?: ReactNode;
  level?: 1 | 2 | 3;
}) {
  const Heading = `h${level}` as const;
  return (
    <div className="flex min-h-9 flex-none items-center gap-2 border-b border-line px-4 py-1">
      <Heading className="text-13 font-semibold whitespace-nowrap">{title}</Heading>
      {note && <span className="ell text-12 text-muted">{note}</span>}
      {children && <div className="ml-auto flex items-center gap-2">{children}</div>}
    </div>
  );
}
