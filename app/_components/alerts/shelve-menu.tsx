"use client";
import { ChevronDown } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem, MenuNote } from "../ui/menu.tsx";
import { SHELF_TIMES } from "./alert-actions.ts";

/** Sets alerts aside for a time that the reader chooses. */
export function ShelveMenu({ disabled, onShelve }: { disabled: boolean; onShelve: (for_s: number) => void }) {
  return (
    <Menu
      align="start"
      trigger={
        <Button disabled={disabled}>
          Shelve <ChevronDown aria-hidden="true" className="size-3.5 text-muted" />
        </Button>
      }
    >
      <MenuNote>Out of the open list, and back by itself</MenuNote>
      {SHELF_TIMES.map(({ for_s, label }) => (
        <MenuItem key={for_s} onSelect={() => onShelve(for_s)}>
          {label}
        </MenuItem>
      ))}
    </Menu>
  );
}
