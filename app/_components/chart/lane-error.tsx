"use client";
import { codeOfError, sentenceOf } from "../api/request.ts";
import { Button } from "../ui/button.tsx";
import { SeverityGlyph } from "../ui/severity.tsx";

/** Over a plot whose history did not come; what comes live is drawn all the same. */
export function LaneError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (error === undefined) return null;
  return (
    <div className="absolute inset-x-12 top-2 flex flex-wrap items-center gap-2 rounded-2 border border-line-strong bg-overlay px-2 py-1 text-12">
      <SeverityGlyph kind="critical" />
      History: {sentenceOf(error)}
      <Button size="small" onClick={onRetry}>
        Try again
      </Button>
      <code className="font-mono text-11 text-faint">{codeOfError(error)}</code>
    </div>
  );
}
