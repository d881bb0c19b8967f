"use client";
import { isTimeZone } from "../../../lib/domain/tenant-settings.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { useNow } from "../ui/use-now.ts";
import { ZoneInput } from "../ui/zone-input.tsx";

/** The plant's time zone by its name in the IANA database; empty: each reader's own. */
export function ZoneField({
  value,
  error,
  readOnly,
  onChange,
}: {
  value: string | null;
  error: string | undefined;
  readOnly: boolean;
  onChange: (zone: string | null) => void;
}) {
  const now = useNow();
  const here = now > 0;
  const own = !here ? undefined : Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className="flex flex-wrap items-start gap-x-3 border-b border-line px-4 py-3 max-phone:px-3">
      <Field
        label="Time zone of the plant"
        error={error}
        className="w-80 max-w-full"
        hint={here && (value === null || isTimeZone(value)) ? <Example at={now} zone={value} /> : undefined}
      >
        {(field) => (
          <ZoneInput
            {...field}
            value={value ?? ""}
            readOnly={readOnly}
            placeholder="each reader's own"
            onChange={(event) =>
              onChange(event.target.value.trim() === "" ? null : event.target.value.trim())
            }
          />
        )}
      </Field>
      {!readOnly && (
        <span className="mt-[1.375rem] flex flex-wrap gap-2">
          {own !== undefined && own !== value && (
            <Button type="button" className="h-8 max-phone:h-11" onClick={() => onChange(own)}>
              Use {own}
            </Button>
          )}
          {value !== null && (
            <Button type="button" className="h-8 max-phone:h-11" onClick={() => onChange(null)}>
              Each reader's own
            </Button>
          )}
        </span>
      )}
    </div>
  );
}

/** "Now Fri 27 Nov 12:31:05 CET", ticking. */
function Example({ at, zone }: { at: number; zone: string | null }) {
  const words = new Intl.DateTimeFormat("en-GB", {
    ...(zone !== null && { timeZone: zone }),
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  }).format(at);
  return <>Now {words}</>;
}
