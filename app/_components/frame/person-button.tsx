"use client";
import type { ComponentProps } from "react";
import { usePerson } from "./principal.tsx";

/** The initials of who is signed in. */
export function PersonButton(props: ComponentProps<"button">) {
  const { username } = usePerson();
  return (
    <button
      type="button"
      aria-label={`${username}: account`}
      className="grid size-7 place-items-center rounded-2 border border-line-strong bg-raised text-10 font-semibold text-muted hover:border-control hover:text-text max-phone:size-9 max-phone:text-11"
      {...props}
    >
      {username.slice(0, 2).toUpperCase()}
    </button>
  );
}
