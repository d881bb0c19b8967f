"use client";
import { useEffect } from "react";
import { Toaster as SonnerToaster, toast as sonner } from "sonner";
import { Button } from "./button.tsx";
import { type GlyphKind, SeverityGlyph } from "./severity.tsx";

export interface Toast {
  kind: GlyphKind;
  title: string;
  detail?: string;
  action?: { label: string; run: () => void };
}

function show({ kind, title, detail, action }: Toast): void {
  sonner.custom(
    (id) => (
      <div className="grid w-full grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-2.5 gap-y-0.5 rounded-3 bg-overlay py-2.5 pr-2.5 pl-3 text-12 leading-[1.0625rem] text-text shadow-overlay">
        <SeverityGlyph kind={kind} />
        <b className="font-semibold">{title}</b>
        <span className="flex gap-1.5">
          {action && (
            <Button
              size="small"
              onClick={() => {
                action.run();
                sonner.dismiss(id);
              }}
            >
              {action.label}
            </Button>
          )}
          {kind === "critical" && (
            <Button size="small" look="ghost" onClick={() => sonner.dismiss(id)}>
              Close
            </Button>
          )}
        </span>
        {detail && <span className="col-[2/4] text-muted">{detail}</span>}
      </div>
    ),
    { duration: kind === "critical" ? Number.POSITIVE_INFINITY : 8_000, unstyled: true },
  );
}

/** Bottom right, at most three; it hands over how to show one as soon as it can. */
export function ToastList({ onReady }: { onReady: (show: (toast: Toast) => void) => void }) {
  // Effects of children come first, so the list listens by now.
  useEffect(() => onReady(show), [onReady]);
  return (
    <SonnerToaster
      position="bottom-right"
      visibleToasts={3}
      expand
      gap={8}
      offset={16}
      mobileOffset={{ bottom: 72, left: 12, right: 12 }}
      className="z-(--z-toast)"
      containerAriaLabel="Notifications"
      style={{ fontFamily: "inherit" }}
    />
  );
}
