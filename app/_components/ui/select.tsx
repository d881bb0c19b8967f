"use client";
import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import { cn } from "./cn.ts";

export interface SelectOption<Value extends string> {
  value: Value;
  label: string;
}

/**
 * A menu of choices. `caption` stands before the value as in "Type All" (a filter); without it the trigger looks
 * like a field and needs the `id` of its label.
 */
export function Select<Value extends string>({
  value,
  onChange,
  options,
  caption,
  id,
  disabled,
  className,
  ...described
}: {
  value: Value;
  onChange: (value: Value) => void;
  options: readonly SelectOption<Value>[];
  caption?: string;
  id?: string;
  disabled?: boolean;
  className?: string;
  "aria-label"?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}) {
  const shown = options.find((option) => option.value === value)?.label ?? value;
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as Value)} disabled={disabled ?? false}>
      <Radix.Trigger
        id={id}
        {...described}
        {...(caption && { "aria-label": `${caption}: ${shown}` })}
        className={cn(
          "inline-flex items-center gap-1.5 rounded-2 border bg-raised whitespace-nowrap disabled:border-dashed disabled:text-faint hover:bg-hover",
          caption
            ? "h-7 border-line-strong px-2 text-12 text-muted max-phone:h-9"
            : "h-8 w-full justify-between border-control px-2.5 text-13 max-phone:h-11",
          className,
        )}
      >
        {caption && <span>{caption}</span>}
        <span className={cn("ell", caption && "max-w-40 font-medium text-text")}>
          <Radix.Value>{shown}</Radix.Value>
        </span>
        <ChevronDown aria-hidden="true" className="size-3.5 flex-none text-muted" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className="z-(--z-menu) max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-hidden rounded-2 bg-overlay p-1 text-12 shadow-overlay"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className="flex h-7 items-center gap-2 rounded-1 pr-3 pl-1.5 outline-none select-none data-highlighted:bg-selected max-phone:h-11"
              >
                <span className="w-3.5">
                  <Radix.ItemIndicator>
                    <Check aria-hidden="true" className="size-3.5" />
                  </Radix.ItemIndicator>
                </span>
                <Radix.ItemText>{option.label}</Radix.ItemText>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
