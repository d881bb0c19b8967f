"use client";
import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { type ComponentProps, useId } from "react";
import { cn } from "./cn.ts";

/** A box of 14 px in a target of 24; needs a label of its own or an `aria-label`. */
export function Checkbox({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cn(
        "relative grid size-3.5 flex-none place-items-center rounded-1 border border-control bg-raised after:absolute after:-inset-[0.3125rem] after:content-[''] data-[state=checked]:border-ink data-[state=checked]:bg-ink data-[state=checked]:text-on-ink data-[state=indeterminate]:border-ink data-[state=indeterminate]:bg-ink data-[state=indeterminate]:text-on-ink disabled:border-dashed disabled:opacity-60",
        className,
      )}
      {...rest}
    >
      <Radix.Indicator>
        {rest.checked === "indeterminate" ? (
          <Minus aria-hidden="true" className="size-3" strokeWidth={3} />
        ) : (
          <Check aria-hidden="true" className="size-3" strokeWidth={3} />
        )}
      </Radix.Indicator>
    </Radix.Root>
  );
}

export function LabelledCheckbox({
  label,
  className,
  ...rest
}: ComponentProps<typeof Radix.Root> & { label: string }) {
  const id = useId();
  return (
    <div className={cn("flex items-center gap-2 text-12", className)}>
      <Checkbox id={id} {...rest} />
      <label htmlFor={id}>{label}</label>
    </div>
  );
}
