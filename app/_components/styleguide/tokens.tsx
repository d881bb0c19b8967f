import { Row, Sheet } from "./sheet.tsx";

const GROUPS: readonly [string, readonly string[]][] = [
  [
    "Surfaces",
    ["canvas", "surface", "raised", "overlay", "hover", "selected", "line", "line-strong", "control"],
  ],
  ["Text", ["text", "muted", "faint", "accent", "ink", "on-ink"]],
  [
    "Meaning",
    [
      "critical",
      "critical-fill",
      "critical-tint",
      "warning",
      "warning-fill",
      "warning-line",
      "warning-tint",
      "info",
      "info-tint",
      "stale",
      "stale-tint",
      "ok",
    ],
  ],
  ["Health", ["band-low", "band-medium", "band-high", "band-critical"]],
  ["Charts", ["trace", "envelope", "grid", "gap", "crosshair", "s1", "s2", "s3", "s4", "s5"]],
];

const SIZES = [
  ["text-28", "28", "11 cycles"],
  ["text-24", "24", "12"],
  ["text-20", "20", "ENGINE-069"],
  ["text-16", "16", "1 425.4 °R"],
  ["text-14", "14", "T50 above 1 424"],
  ["text-13", "13", "The base of all text"],
  ["text-12", "12", "since 12:19, 15 min"],
  ["text-11", "11", "Column heads"],
  ["text-10", "10", "axis 12:30"],
] as const;

export function TypeSheet() {
  return (
    <Sheet title="Type" note="Inter, tabular figures; JetBrains Mono for code">
      {SIZES.map(([className, size, text]) => (
        <div key={size} className="flex items-baseline gap-3">
          <span className="w-6 text-11 text-faint">{size}</span>
          <span className={className}>{text}</span>
        </div>
      ))}
      <code className="font-mono text-12">o:0:184221 0O 1l</code>
    </Sheet>
  );
}

export function ColourSheet() {
  return (
    <Sheet title="Colour" note="means abnormal" wide>
      {GROUPS.map(([group, names]) => (
        <Row key={group} className="gap-x-2">
          <h3 className="w-20 text-12 font-medium text-muted">{group}</h3>
          {names.map((name) => (
            <span key={name} className="grid w-20 gap-1 text-11 text-muted">
              <span className="h-6 border border-line-strong" style={{ background: `var(--${name})` }} />
              {name}
            </span>
          ))}
        </Row>
      ))}
    </Sheet>
  );
}
