"use client";
import { type FormEvent, useState } from "react";
import { isTimeZone, type StoredSettings, type TenantSettings } from "../../../lib/domain/tenant-settings.ts";
import { request, sentenceOf } from "../api/request.ts";
import { useRequest } from "../api/use-request.ts";
import { usePlant } from "../frame/plant.tsx";
import { useMay } from "../frame/principal.tsx";
import { When } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { toast } from "../ui/toast.tsx";
import { WhenLoaded } from "./loaded.tsx";
import { Section } from "./section.tsx";
import { UnitTable } from "./unit-table.tsx";
import { ZoneField } from "./zone-field.tsx";

type WireSettings = Omit<StoredSettings, "changed_at"> & { changed_at?: string };

/** In which zone times are said and in which units values are shown, for everyone of the tenant. */
export function PlantSettings() {
  const mayChange = useMay("administer");
  const loaded = useRequest<WireSettings>("/api/settings");
  return (
    <Section
      id="plant"
      title="Time zone and units"
      note={
        mayChange
          ? "For everyone of this tenant. Stored readings, streams and CSV exports stay as they came. Other open pages follow when they are loaded next."
          : "For everyone of this tenant. Admins change it."
      }
    >
      <WhenLoaded loaded={loaded} what="settings">
        {(saved) => (
          <Form saved={saved} mayChange={mayChange} onSaved={(settings) => loaded.set(() => settings)} />
        )}
      </WhenLoaded>
    </Section>
  );
}

function Form({
  saved,
  mayChange,
  onSaved,
}: {
  saved: WireSettings;
  mayChange: boolean;
  onSaved: (settings: WireSettings) => void;
}) {
  const { show } = usePlant();
  const [draft, setDraft] = useState<TenantSettings>();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const { time_zone, units } = draft ?? saved;
  const zoneError =
    time_zone === null || isTimeZone(time_zone)
      ? undefined
      : "Name a zone of the list, such as Europe/Berlin, or leave it empty.";
  const changed = draft !== undefined && !same(draft, saved);
  const change = (part: Partial<TenantSettings>) => {
    setFailed(false);
    setDraft({ time_zone, units, ...part });
  };

  const put = async (settings: TenantSettings, before?: TenantSettings) => {
    setBusy(true);
    try {
      const answer = await request<WireSettings>("/api/settings", { method: "PUT", body: settings });
      setDraft(undefined);
      setFailed(false);
      onSaved(answer);
      show({ time_zone: answer.time_zone, units: answer.units });
      toast({
        kind: "resolved",
        title: before === undefined ? "Time zone and units are as before" : "Time zone and units saved",
        ...(before !== undefined && { action: { label: "Undo", run: () => void put(before) } }),
      });
    } catch (error) {
      setFailed(true);
      toast({ kind: "critical", title: "Time zone and units not saved", detail: sentenceOf(error) });
    }
    setBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!changed || zoneError !== undefined) return;
    void put({ time_zone, units }, { time_zone: saved.time_zone, units: saved.units });
  };

  return (
    <form onSubmit={submit} noValidate>
      <ZoneField
        value={time_zone}
        error={zoneError}
        readOnly={!mayChange}
        onChange={(zone) => change({ time_zone: zone })}
      />
      <UnitTable
        label="Units of the plant"
        units={units}
        readOnly={!mayChange}
        onChange={(next) => change({ units: next })}
      />
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2 max-phone:px-3">
        <p role="status" className="text-12 text-muted">
          {failed
            ? "Not saved."
            : changed
              ? "Changed, not saved yet. The examples show it; everything else as it was."
              : saved.changed_at === undefined
                ? "Never changed: times by each reader's own clock, values as they came."
                : "Saved "}
          {!failed && !changed && saved.changed_at !== undefined && (
            <>
              <When at={Date.parse(saved.changed_at)} /> by {saved.changed_by}
            </>
          )}
        </p>
        {mayChange && (
          <span className="ml-auto flex gap-2">
            <Button type="button" disabled={!changed || busy} onClick={() => setDraft(undefined)}>
              Discard
            </Button>
            <Button type="submit" look="primary" disabled={!changed || busy || zoneError !== undefined}>
              {busy ? "Saving" : "Save"}
            </Button>
          </span>
        )}
      </div>
    </form>
  );
}

function same(a: TenantSettings, b: TenantSettings): boolean {
  const text = ({ time_zone, units }: TenantSettings) =>
    JSON.stringify([time_zone, Object.entries(units).sort()]);
  return text(a) === text(b);
}
