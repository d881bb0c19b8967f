"use client";
import { Moon, Sun } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { setTheme } from "../ui/theme.ts";
import { useShownTheme } from "../ui/use-theme.ts";

export function ThemeToggle() {
  const shown = useShownTheme();
  const other = shown === "dark" ? "light" : "dark";
  return (
    <Button
      look="ghost"
      icon
      aria-label={`Switch to the ${other} theme`}
      title={`Switch to the ${other} theme`}
      onClick={() => setTheme(other)}
    >
      {shown === "dark" ? (
        <Sun aria-hidden="true" className="size-4" />
      ) : (
        <Moon aria-hidden="true" className="size-4" />
      )}
    </Button>
  );
}
