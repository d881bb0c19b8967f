export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const STORED = "foresight-theme";

/** Runs in the head, before the first paint, so that no page flashes in the other theme. */
export const THEME_SCRIPT = `(function(){var t;try{t=localStorage.getItem("${STORED}")}catch(e){}if(t!=="light"&&t!=="dark")t=matchMedia("(prefers-color-scheme: light)").matches?"light":"dark";document.documentElement.dataset.theme=t})()`;

function fromSystem(): "light" | "dark" {
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}

const listeners = new Set<() => void>();

export function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(STORED);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}

export function shownTheme(): "light" | "dark" {
  const theme = storedTheme();
  return theme === "system" ? fromSystem() : theme;
}

/** Shows a theme at once and keeps the choice in this browser. */
export function setTheme(theme: Theme): void {
  try {
    if (theme === "system") localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, theme);
  } catch {
    // A browser that keeps nothing still shows the choice until the page is left.
  }
  document.documentElement.dataset.theme = theme === "system" ? fromSystem() : theme;
  for (const wake of listeners) wake();
}

/** Calls back when the theme changes: here, in another tab, or in the system. */
export function onTheme(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: light)");
  const follow = () => {
    document.documentElement.dataset.theme = shownTheme();
    for (const wake of listeners) wake();
  };
  listeners.add(listener);
  system.addEventListener("change", follow);
  window.addEventListener("storage", follow);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", follow);
    window.removeEventListener("storage", follow);
  };
}
