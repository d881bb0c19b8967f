import { Bell, type LucideIcon, Plug, Rows3, Settings, Upload } from "lucide-react";

export interface Place {
  href: string;
  name: string;
  /** Where room is short: the tab bar. */
  short: string;
  icon: LucideIcon;
  /** Pressed after G. */
  key: string;
}

export const PLACES: readonly Place[] = [
  { href: "/", name: "Fleet", short: "Fleet", icon: Rows3, key: "f" },
  { href: "/alerts", name: "Alerts", short: "Alerts", icon: Bell, key: "a" },
  { href: "/upload", name: "Upload", short: "Upload", icon: Upload, key: "u" },
  { href: "/realtime-test", name: "Realtime test", short: "Test", icon: Plug, key: "t" },
  { href: "/settings", name: "Settings", short: "Settings", icon: Settings, key: "s" },
];

/** Whether a place is where the reader is; an asset belongs to the fleet. */
export function isHere(place: Place, pathname: string): boolean {
  return place.href === "/"
    ? pathname === "/" || pathname.startsWith("/assets/")
    : pathname === place.href || pathname.startsWith(`${place.href}/`);
}
