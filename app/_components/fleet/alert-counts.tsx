import type { Severity } from "../../../lib/domain/alert.ts";
import { cn } from "../ui/cn.ts";
import { SeverityGlyph, severityColour } from "../ui/severity.tsx";

const ORDER: readonly Severity[] = ["critical", "warning", "info"];

/** Open alerts of an asset by severity: glyph and number, the word for those who hear it. */
export function AlertCounts({ counts }: { counts: Record<Severity, number> }) {
  const some = ORDER.filter((severity) => counts[severity] > 0);
  if (some.length === 0) return <span className="text-12 text-faint">none</span>;
  return (
    <span className="flex gap-1.5 text-12 font-medium">
      {some.map((severity) => (
        <span
          key={severity}
          className={cn("inline-flex items-center gap-[0.1875rem]", severityColour(severity))}
        >
          <SeverityGlyph kind={severity} className="size-3" label={severity} />
          {counts[severity]}
        </span>
      ))}
    </span>
  );
}
