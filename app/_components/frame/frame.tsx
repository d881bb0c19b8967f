"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { Notices } from "../notices/notices.tsx";
import { Clock } from "../ui/age.tsx";
import { Account } from "./account.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { ConnectionState } from "./connection-state.tsx";
import { Mark } from "./mark.tsx";
import { PaletteButton } from "./palette-button.tsx";
import { PlaceKeys } from "./place-keys.tsx";
import { PlacesNav, TabBar } from "./places-nav.tsx";
import { ThemeToggle } from "./theme-toggle.tsx";
import { TitleCount } from "./title-count.tsx";

/** What stands around every page: top bar, connection, banner, and on a phone the tab bar. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col max-phone:pb-14">
      <a
        href="#main"
        className="fixed top-1 left-1 z-(--z-blocker) -translate-y-16 rounded-2 bg-ink px-3 py-2 font-medium text-on-ink focus:translate-y-0"
      >
        Skip to the page
      </a>
      <header className="sticky top-0 z-(--z-sticky) flex h-11 flex-none items-stretch gap-4 border-b border-line-strong bg-surface px-4 max-phone:h-12 max-phone:px-3">
        <Link href="/" className="mr-2 flex items-center" aria-label="FORESIGHT: fleet">
          <Mark />
        </Link>
        <PlacesNav />
        <div className="ml-auto flex min-w-0 items-center gap-3">
          <PaletteButton />
          <ConnectionState />
          <span className="max-pane:hidden">
            <Clock />
          </span>
          <span className="max-phone:hidden">
            <ThemeToggle />
          </span>
          <Account />
        </div>
      </header>
      <ConnectionBanner />
      <TitleCount />
      <Notices />
      <PlaceKeys />
      <div id="main" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
        {children}
      </div>
      <TabBar />
    </div>
  );
}
