"use client";
import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import type { Toast } from "./toast-list.tsx";
import { useThemeKept } from "./use-theme.ts";

type Show = (toast: Toast) => void;
let show: Show | undefined;
const waiting: Toast[] = [];

/** What is shown from now on, and what waited for it. */
function showBy(next: Show): void {
  show = next;
  for (const one of waiting.splice(0)) next(one);
}

/** Bottom right, at most three; 8 s, errors until closed. */
export function toast(one: Toast): void {
  if (show) show(one);
  else waiting.push(one);
}

const ToastList = dynamic(() => import("./toast-list.tsx").then((found) => found.ToastList), { ssr: false });

/**
 * Where toasts appear; stands once in the document, and keeps its theme. The list is loaded once the page stands: it
 * is there before the first toast, so that screen readers hear of it, and no page waits for it.
 */
export function Toaster() {
  useThemeKept();
  const [stands, setStands] = useState(false);
  useEffect(() => setStands(true), []);
  return stands ? <ToastList onReady={showBy} /> : null;
}
