/** The colours of the tokens as a canvas needs them: resolved, and read again when the theme changes. */
export interface Palette {
  surface: string;
  overlay: string;
  text: string;
  muted: string;
  faint: string;
  control: string;
  line: string;
  lineStrong: string;
  grid: string;
  gap: string;
  trace: string;
  envelope: string;
  crosshair: string;
  critical: string;
  warning: string;
  warningLine: string;
  info: string;
  stale: string;
  accent: string;
  /** Of overlaid series, in their order. */
  series: readonly string[];
  bands: { low: string; medium: string; high: string; critical: string };
  fontFamily: string;
  /** Pixels of a rem: 16, and 20 on a wall. */
  rem: number;
}

let held: { theme: string; rem: number; palette: Palette } | undefined;

export function palette(): Palette {
  const root = document.documentElement;
  const theme = root.dataset.theme ?? "";
  const rem = window.innerWidth >= 2_200 ? 20 : 16;
  if (held?.theme === theme && held.rem === rem) return held.palette;
  const style = getComputedStyle(root);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  held = {
    theme,
    rem,
    palette: {
      surface: of("surface"),
      overlay: of("overlay"),
      text: of("text"),
      muted: of("muted"),
      faint: of("faint"),
      control: of("control"),
      line: of("line"),
      lineStrong: of("line-strong"),
      grid: of("grid"),
      gap: of("gap"),
      trace: of("trace"),
      envelope: of("envelope"),
      crosshair: of("crosshair"),
      critical: of("critical"),
      warning: of("warning"),
      warningLine: of("warning-line"),
      info: of("info"),
      stale: of("stale"),
      accent: of("accent"),
      series: ["s1", "s2", "s3", "s4", "s5"].map(of),
      bands: {
        low: of("band-low"),
        medium: of("band-medium"),
        high: of("band-high"),
        critical: of("band-critical"),
      },
      fontFamily: getComputedStyle(document.body).fontFamily,
      rem,
    },
  };
  return held.palette;
}
