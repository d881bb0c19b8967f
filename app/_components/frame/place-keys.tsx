"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { isTyping, singleKeysOn } from "../ui/keys.ts";
import { PLACES } from "./places.ts";

/** G, then the place's letter. */
export function PlaceKeys() {
  const router = useRouter();
  useEffect(() => {
    let since = 0;
    const press = (event: KeyboardEvent) => {
      if (isTyping(event) || !singleKeysOn()) return;
      if (event.key === "g") {
        since = event.timeStamp;
        return;
      }
      if (since > 0 && event.timeStamp - since < 1_500) {
        const place = PLACES.find(({ key }) => key === event.key);
        if (place) {
          event.preventDefault();
          event.stopImmediatePropagation();
          router.push(place.href);
        }
      }
      since = 0;
    };
    // Capturing, so that "g a" is not an acknowledgement on the alerts page.
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  }, [router]);
  return null;
}
