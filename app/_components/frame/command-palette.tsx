"use client";
import { Command, useCommandState } from "cmdk";
import { usePathname, useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { canAct, useAlertActions } from "../alerts/alert-actions.ts";
import { useAlerts, useAssets } from "../stream.ts";
import { plural } from "../ui/format.ts";
import { Key } from "../ui/key.tsx";
import { KeyList } from "../ui/key-list.tsx";
import { setTheme } from "../ui/theme.ts";
import { keysOf } from "./general-keys.ts";
import { PLACES } from "./places.ts";
import { useMay } from "./principal.tsx";

/** So many assets are offered before anything is typed: the rest is found by its name. */
const OFFERED = 6;

function Item({
  value,
  keys = [],
  onSelect,
  children,
}: {
  value: string;
  keys?: readonly string[];
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-8 items-center gap-2 rounded-1 px-2 text-12 select-none data-[selected=true]:bg-selected max-phone:h-11"
    >
      <span className="ell min-w-0 flex-1">{children}</span>
      {keys.map((key) => (
        <Key key={key}>{key}</Key>
      ))}
    </Command.Item>
  );
}

/** Assets first, then what can be done to the one in view, then places; each with its key. */
export function CommandPalette({ show, onClose }: { show: "all" | "keys"; onClose: () => void }) {
  const router = useRouter();
  const assets = useAssets();
  const alerts = useAlerts();
  const mayOperate = useMay("operate");
  const { act } = useAlertActions();
  const pathname = usePathname();
  const [selected, setSelected] = useState("");
  const inView = pathname.startsWith("/assets/")
    ? decodeURIComponent(pathname.slice("/assets/".length))
    : undefined;
  const open =
    inView === undefined
      ? []
      : alerts.filter((alert) => alert.asset_id === inView && canAct("acknowledge", alert));
  const go = (href: string) => {
    onClose();
    router.push(href);
  };
  const run = (act: () => void) => {
    onClose();
    act();
  };
  const group =
    "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-11 [&_[cmdk-group-heading]]:text-muted";
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-(--z-palette) bg-[color-mix(in_oklab,var(--canvas)_70%,transparent)]" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-(--z-palette) w-[min(32.5rem,calc(100vw-1.5rem))] -translate-x-1/2 overflow-hidden rounded-3 bg-overlay shadow-overlay"
        >
          <Dialog.Title className="sr-only">{show === "keys" ? "Keys" : "Search or jump to"}</Dialog.Title>
          {show === "keys" ? (
            <div className="max-h-[76vh] overflow-y-auto p-4">
              <KeyList keys={keysOf(pathname)} />
            </div>
          ) : (
            <Command label="Search or jump to" loop value={selected} onValueChange={setSelected}>
              <Command.Input
                placeholder="Asset, page or action"
                className="h-11 w-full border-b border-line bg-transparent px-3.5 text-13 outline-none placeholder:text-faint max-phone:text-16"
              />
              <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
                <Command.Empty className="px-2 py-3 text-12 text-muted">
                  Nothing is called that. Assets appear with their first reading.
                </Command.Empty>
                <Command.Group heading="Assets" className={group}>
                  <Assets assets={assets} onOpen={(id) => go(`/assets/${encodeURIComponent(id)}`)} />
                </Command.Group>
                {inView !== undefined && (
                  <Command.Group heading={inView} className={group}>
                    <Item
                      value={`alerts of ${inView}`}
                      onSelect={() => go(`/alerts?asset=${encodeURIComponent(inView)}`)}
                    >
                      Alerts of {inView}
                    </Item>
                    {mayOperate && open.length > 0 && (
                      <Item
                        value={`acknowledge alerts of ${inView}`}
                        onSelect={() => run(() => void act("acknowledge", open))}
                      >
                        Acknowledge {plural(open.length, "alert")} of {inView}
                      </Item>
                    )}
                  </Command.Group>
                )}
                <Command.Group heading="Places" className={group}>
                  {PLACES.map(({ href, name, key }) => (
                    <Item key={href} value={name} keys={["G", key.toUpperCase()]} onSelect={() => go(href)}>
                      {name}
                    </Item>
                  ))}
                </Command.Group>
                <Command.Group heading="View" className={group}>
                  {(["light", "dark", "system"] as const).map((theme) => (
                    <Item key={theme} value={`theme ${theme}`} onSelect={() => run(() => setTheme(theme))}>
                      Theme: {theme === "system" ? "as the system" : theme}
                    </Item>
                  ))}
                </Command.Group>
                <SelectFirst onSelect={setSelected} />
              </Command.List>
            </Command>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Enter has something to act on also where assets arrive after their name was typed: cmdk selects when words change. */
function SelectFirst({ onSelect }: { onSelect: (value: string) => void }) {
  const here = useRef<HTMLSpanElement>(null);
  const offered = useCommandState(({ filtered }) => filtered.count);
  const selected = useCommandState(({ value }) => value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looks again when something else is offered or selected
  useEffect(() => {
    const list = here.current?.closest("[cmdk-list]");
    if (!list || list.querySelector('[cmdk-item][aria-selected="true"]')) return;
    const first = list.querySelector("[cmdk-item]")?.getAttribute("data-value");
    if (first) onSelect(first);
  }, [offered, selected, onSelect]);
  return <span ref={here} hidden />;
}

/** The best matches alone are in the document, however many assets there are. */
function Assets({
  assets,
  onOpen,
}: {
  assets: ReturnType<typeof useAssets>;
  onOpen: (asset_id: string) => void;
}) {
  const search = useCommandState((state) => state.search)
    .trim()
    .toLowerCase();
  const found =
    search === ""
      ? assets.slice(0, OFFERED)
      : assets
          .filter(({ asset_id, asset_type }) => `${asset_id} ${asset_type}`.toLowerCase().includes(search))
          .slice(0, 50);
  return found.map(({ asset_id, asset_type }) => (
    <Item key={asset_id} value={`${asset_id} ${asset_type}`} onSelect={() => onOpen(asset_id)}>
      {asset_id} <span className="text-muted">{asset_type}</span>
    </Item>
  ));
}
