"use client";
import { ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { type FormEvent, useState } from "react";
import type { TimeAxis } from "../chart/time-axis.ts";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { zoneName } from "../ui/zone.ts";
import { fromField, toField } from "./field-time.ts";

/** A range by two times of the plant's clock; without an end it follows what comes. */
export function CustomRange({ axis }: { axis: TimeAxis }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button>
          Custom
          <ChevronDown aria-hidden="true" className="size-3.5 text-muted" />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          aria-label="Custom range"
          className="z-(--z-menu) w-[min(26rem,calc(100vw-1.5rem))] rounded-2 bg-overlay p-3 shadow-overlay"
        >
          <Times axis={axis} onDone={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Times({ axis, onDone }: { axis: TimeAxis; onDone: () => void }) {
  const shown = axis.range(1_000);
  const [from, setFrom] = useState(shown ? toField(shown.from) : "");
  const [to, setTo] = useState(shown && axis.window.kind === "between" ? toField(shown.to) : "");
  const [error, setError] = useState<string>();
  const show = (event: FormEvent) => {
    event.preventDefault();
    const begin = fromField(from);
    const end = to === "" ? undefined : fromField(to);
    if (begin === undefined) return setError("Say from when.");
    if (end !== undefined && end <= begin) return setError("The end has to lie after the beginning.");
    axis.show(end === undefined ? { kind: "since", from: begin } : { kind: "between", from: begin, to: end });
    onDone();
  };
  return (
    <form onSubmit={show} className="grid gap-3" noValidate>
      <div className="grid grid-cols-2 gap-2 max-phone:grid-cols-1">
        <Field label={`From, ${zoneName(shown?.to ?? Date.now())}`} error={error}>
          {(props) => (
            <Input
              {...props}
              type="datetime-local"
              step="1"
              value={from}
              onChange={(event) => setFrom(event.target.value)}
            />
          )}
        </Field>
        <Field label="To" hint="Empty: now, following">
          {(props) => (
            <Input
              {...props}
              type="datetime-local"
              step="1"
              value={to}
              onChange={(event) => setTo(event.target.value)}
            />
          )}
        </Field>
      </div>
      <div className="flex items-center justify-between gap-3">
        <p className="text-12 text-muted">Or drag over any chart.</p>
        <Button type="submit" look="primary">
          Show
        </Button>
      </div>
    </form>
  );
}
