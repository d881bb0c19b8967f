import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const SIZES = ["10", "11", "12", "13", "14", "16", "20", "24", "28"];
const merge = extendTailwindMerge({
  extend: {
    theme: { text: SIZES, radius: ["1", "2", "3"], breakpoint: ["phone", "pane", "wide", "wall"] },
  },
});

/** Joins class names; the later of two that set the same property wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
