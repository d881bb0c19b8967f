"use client";
import { Search } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { Key } from "../ui/key.tsx";
import { isTyping, singleKeysOn } from "../ui/keys.ts";

// Only who searches loads what searches.
const CommandPalette = dynamic(() => import("./command-palette.tsx").then((found) => found.CommandPalette));

/** Search or jump to: ⌘K or Ctrl K from anywhere. "?" shows the keys where the page has no list of its own. */
export function PaletteButton() {
  const [open, setOpen] = useState<"all" | "keys">();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen((before) => (before === undefined ? "all" : undefined));
      } else if (event.key === "?" && !isTyping(event) && singleKeysOn()) setOpen("keys");
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return (
    <>
      <button
        type="button"
        aria-label="Search or jump to"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setOpen("all")}
        className="flex h-7 w-52 items-center gap-2 rounded-2 border border-line-strong bg-raised px-2 text-12 text-faint hover:border-control max-wide:w-auto max-phone:size-9 max-phone:justify-center"
      >
        <Search aria-hidden="true" className="size-3.5 flex-none" />
        <span className="max-wide:hidden">Search or jump to</span>
        <span className="ml-auto max-phone:hidden">
          <Key>⌘K</Key>
        </span>
      </button>
      {open !== undefined && <CommandPalette show={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}
