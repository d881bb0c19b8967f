"use client";
import { useLayoutEffect, useSyncExternalStore } from "react";
import { onTheme, shownTheme, storedTheme, type Theme } from "./theme.ts";

/** The chosen theme; "system" while the server renders. */
export function useTheme(): Theme {
  return useSyncExternalStore<Theme>(onTheme, storedTheme, () => "system");
}

/** What is on screen now: charts redraw when it changes. */
export function useShownTheme(): "light" | "dark" {
  return useSyncExternalStore<"light" | "dark">(onTheme, shownTheme, () => "dark");
}

/** Shows the right theme where the document was made anew after its head had run (a page that failed and recovered). */
export function useThemeKept(): void {
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = shownTheme();
  }, []);
}
