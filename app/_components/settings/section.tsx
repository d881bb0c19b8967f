import type { ReactNode } from "react";

/** One subject of the settings: what it is for, then its contents. */
export function Section({
  id,
  title,
  note,
  action,
  children,
}: {
  id: string;
  title: string;
  note: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      className="min-w-0 scroll-mt-16 border border-line-strong bg-surface"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 max-phone:px-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id={`${id}-title`} className="text-14 font-semibold">
            {title}
          </h2>
          <p className="text-12 text-muted">{note}</p>
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
