"use client";
import { useCallback, useSyncExternalStore } from "react";

/** A set of filters that somebody named; `query` is that of the page's URL. */
export interface SavedView {
  name: string;
  query: string;
}

const STORED = "foresight-alert-views";
const MOST = 20;
const none: readonly SavedView[] = [];
const listeners = new Set<() => void>();
let held: { text: string; views: readonly SavedView[] } = { text: "", views: none };

/** What does not look like views is none: another version, or a hand, may have written it. */
export function readViews(text: string | null): readonly SavedView[] {
  if (text === null) return none;
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return none;
    return parsed
      .filter(
        (one): one is SavedView =>
          typeof one === "object" &&
          one !== null &&
          typeof (one as SavedView).name === "string" &&
          typeof (one as SavedView).query === "string",
      )
      .slice(0, MOST);
  } catch {
    return none;
  }
}

/** Filters alone: what stands in the panel belongs to no view. */
export function viewQuery(search: string): string {
  const parameters = new URLSearchParams(search);
  parameters.delete("alert");
  parameters.sort();
  return parameters.toString();
}

function current(): readonly SavedView[] {
  let text: string | null = null;
  try {
    text = localStorage.getItem(STORED);
  } catch {
    return held.views;
  }
  if ((text ?? "") !== held.text) held = { text: text ?? "", views: readViews(text) };
  return held.views;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function keep(views: readonly SavedView[]): void {
  const text = JSON.stringify(views.slice(0, MOST));
  try {
    localStorage.setItem(STORED, text);
  } catch {
    // A browser that keeps nothing has them until the page is left.
    held = { text, views };
  }
  for (const listener of listeners) listener();
}

/** The views that this browser keeps; the same name again replaces one. */
export function useSavedViews(): {
  views: readonly SavedView[];
  save: (view: SavedView) => void;
  remove: (name: string) => void;
} {
  const views = useSyncExternalStore(subscribe, current, () => none);
  const save = useCallback(
    (view: SavedView) => keep([...current().filter(({ name }) => name !== view.name), view]),
    [],
  );
  const remove = useCallback((name: string) => keep(current().filter((view) => view.name !== name)), []);
  return { views, save, remove };
}
