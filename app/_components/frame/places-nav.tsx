"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { Count } from "../ui/chip.tsx";
import { isHere, PLACES } from "./places.ts";
import { useOpenAlerts } from "./use-open-alerts.ts";

function AlertCount({ className }: { className?: string }) {
  const { open, critical } = useOpenAlerts();
  if (open === 0) return null;
  return (
    <>
      <Count value={open} critical={critical > 0} {...(className && { className })} />
      <span className="sr-only">open</span>
    </>
  );
}

/** The places in the top bar. */
export function PlacesNav() {
  const pathname = usePathname();
  return (
    <nav aria-label="Places" className="flex gap-0.5 max-phone:hidden">
      {PLACES.map((place) => (
        <Link
          key={place.href}
          href={place.href}
          aria-current={isHere(place, pathname) ? "page" : undefined}
          className="flex items-center gap-1.5 border-y-2 border-transparent px-2.5 font-medium whitespace-nowrap text-muted hover:text-text aria-[current]:border-b-text aria-[current]:text-text max-pane:px-2"
        >
          {place.name}
          {place.href === "/alerts" && <AlertCount />}
        </Link>
      ))}
    </nav>
  );
}

/** The same places at the thumb on a phone. */
export function TabBar() {
  const pathname = usePathname();
  return (
    <nav
      aria-label="Places"
      className="fixed inset-x-0 bottom-0 z-(--z-sticky) hidden h-14 grid-cols-5 border-t border-line-strong bg-surface pb-[env(safe-area-inset-bottom)] max-phone:grid"
    >
      {PLACES.map((place) => (
        <Link
          key={place.href}
          href={place.href}
          aria-current={isHere(place, pathname) ? "page" : undefined}
          className="relative grid place-content-center justify-items-center gap-[0.1875rem] text-11 leading-[0.8125rem] text-muted aria-[current]:font-semibold aria-[current]:text-text aria-[current]:shadow-[inset_0_2px_0_var(--text)]"
        >
          <place.icon aria-hidden="true" className="size-[1.125rem]" strokeWidth={1.6} />
          {place.short}
          {place.href === "/alerts" && (
            <AlertCount className="absolute top-[0.3125rem] left-[calc(50%+0.4375rem)] px-1 text-10 leading-[0.875rem]" />
          )}
        </Link>
      ))}
    </nav>
  );
}
