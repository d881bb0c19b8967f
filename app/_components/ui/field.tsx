import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./cn.ts";
import { SeverityGlyph } from "./severity.tsx";

const CONTROL =
  "w-full rounded-2 border border-control bg-raised px-2.5 text-13 text-text disabled:border-dashed disabled:text-faint aria-invalid:border-critical aria-invalid:shadow-[inset_0_0_0_1px_var(--critical)] max-phone:text-16";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cn(CONTROL, "h-8 max-phone:h-11", className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cn(CONTROL, "min-h-16 py-1.5", className)} {...rest} />;
}

/** Label, control, hint and error, tied together for assistive programs. */
export function Field({
  label,
  hint,
  error,
  children,
  className,
}: {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  children: (props: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
  className?: string;
}) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={cn("min-w-0", className)}>
      <label htmlFor={id} className="mb-1 block text-12 font-medium">
        {label}
      </label>
      {children({
        id,
        ...(described && { "aria-describedby": described }),
        ...(error && { "aria-invalid": true as const }),
      })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-12 text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="mt-1 flex items-start gap-1.5 text-12 text-critical">
          <SeverityGlyph kind="critical" className="mt-px" />
          {error}
        </p>
      )}
    </div>
  );
}
