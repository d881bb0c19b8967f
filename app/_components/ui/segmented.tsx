"use client";
import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

/** One of a few, all in sight. */
export function Segmented<Value extends string>({
  label,
  value,
  onChange,
  options,
  disabled,
  className,
}: {
  label: string;
  /** `undefined` where none of them holds. */
  value: Value | undefined;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: ReactNode; title?: string }[];
  disabled?: boolean;
  className?: string;
}) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value ?? ""}
      disabled={disabled ?? false}
      onValueChange={(next) => {
        if (next !== "") onChange(next as Value);
      }}
      className={cn("inline-flex rounded-2 border border-line-strong bg-raised", className)}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          title={option.title}
          aria-label={option.title}
          className="flex h-[1.625rem] items-center justify-center gap-1 border-r border-line px-[0.5625rem] text-12 font-medium whitespace-nowrap text-muted first:rounded-l-2 last:rounded-r-2 last:border-r-0 hover:bg-hover disabled:text-faint data-[state=on]:bg-selected data-[state=on]:text-text data-[state=on]:shadow-[inset_0_-2px_0_var(--accent)] max-phone:h-9 max-phone:flex-1"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
