"use client";
import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False while the server renders and while the page is hydrated. */
export function useMounted(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
