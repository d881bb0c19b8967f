"use client";
import { useState } from "react";
import { LabelledCheckbox } from "../ui/checkbox.tsx";
import { setSingleKeys, singleKeysOn } from "../ui/keys.ts";
import { Segmented } from "../ui/segmented.tsx";
import { setTheme, THEMES } from "../ui/theme.ts";
import { useMounted } from "../ui/use-mounted.ts";
import { useTheme } from "../ui/use-theme.ts";
import { Section } from "./section.tsx";

const NAMES = { system: "As the system", light: "Light", dark: "Dark" } as const;

export function Appearance() {
  const theme = useTheme();
  const mounted = useMounted();
  const [keys, setKeys] = useState(true);
  const shown = mounted ? singleKeysOn() && keys : keys;
  return (
    <Section id="appearance" title="Appearance" note="Kept in this browser.">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3 px-4 py-3 max-phone:px-3">
        <Segmented
          label="Theme"
          value={theme}
          onChange={setTheme}
          options={THEMES.map((value) => ({ value, label: NAMES[value] }))}
        />
        <LabelledCheckbox
          label="Single-key shortcuts (J, K, A, R, G F …)"
          checked={shown}
          onCheckedChange={(on) => {
            setSingleKeys(on === true);
            setKeys(on === true);
          }}
        />
      </div>
    </Section>
  );
}
