import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

const button = cva(
  "inline-flex items-center justify-center gap-1.5 rounded-2 border font-medium whitespace-nowrap select-none transition-colors disabled:border-dashed disabled:border-line-strong disabled:bg-surface disabled:text-faint aria-disabled:border-dashed aria-disabled:border-line-strong aria-disabled:bg-surface aria-disabled:text-faint",
  {
    variants: {
      look: {
        plain: "border-line-strong bg-raised text-text hover:border-control hover:bg-hover",
        primary:
          "btn-primary border-ink bg-ink text-on-ink hover:bg-[color-mix(in_oklab,var(--ink)_88%,var(--canvas))]",
        ghost: "border-transparent bg-transparent text-muted hover:bg-hover hover:text-text",
        danger: "border-line-strong bg-raised text-critical hover:border-critical hover:bg-critical-tint",
      },
      size: {
        small: "h-6 px-2 text-11 max-phone:h-8",
        normal: "h-7 px-2.5 text-12 max-phone:h-9",
        large: "h-[2.125rem] px-3 text-13 max-phone:h-11",
      },
      icon: { true: "px-0", false: "" },
    },
    compoundVariants: [
      { icon: true, size: "small", class: "w-6 max-phone:w-8" },
      { icon: true, size: "normal", class: "w-7 max-phone:w-9" },
      { icon: true, size: "large", class: "w-[2.125rem] max-phone:w-11" },
    ],
    defaultVariants: { look: "plain", size: "normal", icon: false },
  },
);

export type ButtonProps = ComponentProps<"button"> & VariantProps<typeof button> & { asChild?: boolean };

/** A button in the language of the product; `asChild` gives its look to a link. `icon` needs an `aria-label`. */
export function Button({ look, size, icon, asChild, className, type = "button", ...rest }: ButtonProps) {
  const classes = cn(button({ look, size, icon }), className);
  return asChild ? (
    <Slot.Root className={classes} {...rest} />
  ) : (
    <button type={type} className={classes} {...rest} />
  );
}
