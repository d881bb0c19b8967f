"use client";
import { type ComponentProps, useId, useMemo } from "react";
import { Input } from "./field.tsx";
import { useMounted } from "./use-mounted.ts";

/** A field for the name of a time zone, with those that this browser knows to choose from. */
export function ZoneInput(props: Omit<ComponentProps<"input">, "list">) {
  const list = useId();
  const here = useMounted();
  const zones = useMemo(() => (here ? ["UTC", ...Intl.supportedValuesOf("timeZone")] : []), [here]);
  return (
    <>
      <Input {...props} list={list} autoComplete="off" spellCheck={false} />
      <datalist id={list}>
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
