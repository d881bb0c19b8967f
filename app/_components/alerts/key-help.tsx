"use client";
import { ConnectionWords } from "../frame/connection-words.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { plural } from "../ui/format.ts";
import { Key } from "../ui/key.tsx";
import { type KeyHelp, KeyList } from "../ui/key-list.tsx";

const KEYS: readonly (KeyHelp & { operates?: boolean })[] = [
  { keys: ["J", "K"], does: "next, previous" },
  { keys: ["X"], does: "select" },
  { keys: ["⇧J", "⇧K"], does: "select on the way" },
  { keys: ["Enter"], does: "open in the panel" },
  { keys: ["O"], does: "open the asset" },
  { keys: ["A"], does: "acknowledge", operates: true },
  { keys: ["R"], does: "resolve", operates: true },
  { keys: ["U", "⌘Z"], does: "undo", operates: true },
  { keys: ["."], does: "show what was held back" },
  { keys: ["/"], does: "filter" },
  { keys: ["Esc"], does: "close, clear" },
  { keys: ["G", "F"], does: "fleet (A alerts, U upload, T test, S settings)" },
  { keys: ["?"], does: "all keys" },
];

/** The most used keys under the list. */
export function KeyBar({ total, mayOperate }: { total: number | undefined; mayOperate: boolean }) {
  const shown = KEYS.filter(
    ({ does, operates }) =>
      (mayOperate || !operates) &&
      ["next, previous", "select", "acknowledge", "resolve", "undo", "open the asset", "all keys"].includes(
        does,
      ),
  );
  return (
    <div className="flex h-7 flex-none items-center gap-3.5 overflow-hidden border-t border-line-strong bg-surface px-4 text-11 whitespace-nowrap text-muted max-phone:hidden">
      {shown.map(({ keys, does }) => (
        <span key={does} className="inline-flex items-center gap-1">
          {keys.map((key) => (
            <Key key={key}>{key}</Key>
          ))}
          {does}
        </span>
      ))}
      <span className="ml-auto">
        {total !== undefined && `${plural(total, "alert")}, `}
        <ConnectionWords />
      </span>
    </div>
  );
}

export function KeysDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keys of this page">
      <KeyList keys={KEYS} />
      <p className="mt-3 text-12 text-muted">Single keys can be switched off in the settings.</p>
    </Dialog>
  );
}
