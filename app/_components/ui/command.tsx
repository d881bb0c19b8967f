"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";

/** Something to run or to keep, with a button that copies it. */
export function Command({
  text,
  label = "Copy the command",
  wrap = false,
  className,
}: {
  text: string;
  label?: string;
  wrap?: boolean;
  className?: string;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div
      className={cn(
        "flex w-full min-w-0 items-center gap-2 rounded-2 border border-line-strong bg-canvas py-0.5 pr-0.5 pl-2",
        className,
      )}
    >
      <code
        // Scrollable text has to be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls
        tabIndex={0}
        className={cn(
          "min-w-0 flex-1 font-mono text-12 leading-[1.125rem] text-text",
          wrap ? "break-all" : "overflow-x-auto whitespace-nowrap [scrollbar-width:none]",
        )}
      >
        {text}
      </code>
      <Button
        look="ghost"
        size="small"
        icon
        aria-label={copied ? "Copied" : label}
        onClick={() => {
          void navigator.clipboard?.writeText(text).then(() => setCopied(true));
        }}
      >
        {copied ? (
          <Check aria-hidden="true" className="size-3.5" />
        ) : (
          <Copy aria-hidden="true" className="size-3.5" />
        )}
      </Button>
      <span className="sr-only" role="status">
        {copied ? "Copied" : ""}
      </span>
    </div>
  );
}
