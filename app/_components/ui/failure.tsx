import { codeOfError, sentenceOf } from "../api/request.ts";
import { Button } from "./button.tsx";
import { Note } from "./notes.tsx";

/** What could not be read, why, what still works, and another try. */
export function Failure({
  title,
  error,
  onRetry,
  children,
  className,
}: {
  title: string;
  error: unknown;
  onRetry: () => void;
  /** What still works. */
  children?: string;
  className?: string;
}) {
  return (
    <Note
      kind="critical"
      title={title}
      code={codeOfError(error)}
      actions={
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      }
      {...(className !== undefined && { className })}
    >
      {sentenceOf(error)}
      {children && ` ${children}`}
    </Note>
  );
}
