"use client";
import { Bell, BellOff } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Menu, MenuChoice, MenuLine, MenuNote } from "../ui/menu.tsx";
import { toast } from "../ui/toast.tsx";
import { chime, unlockSound } from "./chime.ts";
import { LOUDNESS, type Loudness, setLoudness, useLoudness } from "./preferences.ts";

const WORDS: Record<Loudness, string> = { off: "Off", critical: "Critical alone", all: "All new alerts" };

async function chooseDesktop(loudness: Loudness): Promise<void> {
  if (loudness === "off") return setLoudness("desktop", "off");
  if (!("Notification" in window)) {
    toast({ kind: "warning", title: "This browser has no desktop notifications" });
    return;
  }
  if ((await Notification.requestPermission()) !== "granted") {
    toast({
      kind: "warning",
      title: "Notifications are blocked",
      detail: "Allow them for this site in the browser's settings, then choose again.",
    });
    return;
  }
  setLoudness("desktop", loudness);
}

/** Whether new alerts are heard and shown on the desktop. */
export function NoticeMenu() {
  const sound = useLoudness("sound");
  const desktop = useLoudness("desktop");
  const ways = [sound !== "off" && "sound", desktop !== "off" && "desktop"].filter(Boolean);
  const Icon = ways.length === 0 ? BellOff : Bell;
  return (
    <Menu
      trigger={
        <Button look="ghost">
          <Icon aria-hidden="true" className="size-3.5" />
          {ways.length === 0 ? "Silent" : ways.join(" and ").replace(/^./, (first) => first.toUpperCase())}
        </Button>
      }
    >
      <MenuNote>Sound</MenuNote>
      {LOUDNESS.map((loudness) => (
        <MenuChoice
          key={loudness}
          checked={sound === loudness}
          onSelect={() => {
            setLoudness("sound", loudness);
            if (loudness === "off") return;
            unlockSound();
            chime(true);
          }}
        >
          {WORDS[loudness]}
        </MenuChoice>
      ))}
      <MenuLine />
      <MenuNote>Desktop notification</MenuNote>
      {LOUDNESS.map((loudness) => (
        <MenuChoice
          key={loudness}
          checked={desktop === loudness}
          onSelect={() => void chooseDesktop(loudness)}
        >
          {WORDS[loudness]}
        </MenuChoice>
      ))}
    </Menu>
  );
}
