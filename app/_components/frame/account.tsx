"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { PersonButton } from "./person-button.tsx";

const PersonMenu = dynamic(() => import("./person-menu.tsx").then((found) => found.PersonMenu), {
  ssr: false,
  loading: () => <PersonButton aria-busy="true" />,
});

/** The account's button. Only who presses it loads its menu, which then opens by itself: no press is lost. */
export function Account() {
  const [asked, setAsked] = useState(false);
  if (asked) return <PersonMenu />;
  return <PersonButton aria-haspopup="menu" aria-expanded={false} onClick={() => setAsked(true)} />;
}
