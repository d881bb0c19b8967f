"use client";
import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";

/** A menu below its trigger (one focusable element). */
export function Menu({
  trigger,
  children,
  align = "end",
  defaultOpen = false,
}: {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  defaultOpen?: boolean;
}) {
  return (
    <DropdownMenu.Root defaultOpen={defaultOpen}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          className="z-(--z-menu) min-w-52 rounded-2 bg-overlay p-1 text-12 shadow-overlay"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export function MenuItem({ className, ...rest }: ComponentProps<typeof DropdownMenu.Item>) {
  return (
    <DropdownMenu.Item
      className={cn(
        "flex h-7 items-center gap-2 rounded-1 px-2 outline-none select-none data-disabled:text-faint data-highlighted:bg-selected max-phone:h-11",
        className,
      )}
      {...rest}
    />
  );
}

/** One of several, ticked where it holds. */
export function MenuChoice({
  checked,
  disabled = false,
  stays = false,
  onSelect,
  children,
}: {
  checked: boolean;
  disabled?: boolean;
  /** The menu stays open, for several choices at once. */
  stays?: boolean;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.CheckboxItem
      checked={checked}
      disabled={disabled}
      onSelect={(event) => {
        if (stays) event.preventDefault();
        onSelect();
      }}
      className="flex h-7 items-center gap-2 rounded-1 pr-3 pl-1.5 outline-none select-none data-disabled:text-faint data-highlighted:bg-selected max-phone:h-11"
    >
      <span className="w-3.5">
        <DropdownMenu.ItemIndicator>
          <Check aria-hidden="true" className="size-3.5" />
        </DropdownMenu.ItemIndicator>
      </span>
      {children}
    </DropdownMenu.CheckboxItem>
  );
}

export function MenuNote({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 py-1.5 text-muted">{children}</DropdownMenu.Label>;
}

export function MenuLine() {
  return <DropdownMenu.Separator className="-mx-1 my-1 border-t border-line" />;
}
