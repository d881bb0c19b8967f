"use client";
import { useState } from "react";
import { ALERT_STATES, type AlertState } from "../../../lib/domain/alert.ts";
import { AlertRow } from "../alerts/alert-row.tsx";
import { HealthRing } from "../asset/health-ring.tsx";
import { Tile } from "../fleet/fleet-grid.tsx";
import { FleetTableRow } from "../fleet/fleet-row.tsx";
import { BannerOf } from "../frame/connection-banner.tsx";
import { ConnectionStateOf } from "../frame/connection-state.tsx";
import type { ShownConnection } from "../stream.ts";
import { Age } from "../ui/age.tsx";
import { Chip, Count } from "../ui/chip.tsx";
import { lifeInWords } from "../ui/life.ts";
import { LifePlot } from "../ui/life-plot.tsx";
import { HealthBar, type Risk, RiskTag } from "../ui/risk.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { AlertStateTag, type GlyphKind, SeverityTag } from "../ui/severity.tsx";
import { useNow } from "../ui/use-now.ts";
import { alert, connection, fleetRows, NOW } from "./samples.ts";
import { Row, Sheet } from "./sheet.tsx";

const SHOWN: readonly ShownConnection[] = ["live", "connecting", "recovering", "stale", "offline"];
const KINDS: readonly GlyphKind[] = ["critical", "warning", "info", "stale", "resolved"];
const RISKS: readonly [Risk, number | null][] = [
  ["critical", 12],
  ["high", 36],
  ["medium", 61],
  ["low", 94],
  ["unknown", null],
];

const BANNERS = {
  stale: connection("stale"),
  offline: connection("offline"),
  denied: connection("offline", { denied: true, wait_s: undefined }),
};

export function ConnectionSheet() {
  const [banner, setBanner] = useState<keyof typeof BANNERS>("stale");
  return (
    <Sheet title="State of the connection" note="in words, always">
      {SHOWN.map((shown) => (
        <ConnectionStateOf key={shown} connection={connection(shown)} now={NOW} />
      ))}
      <Segmented
        label="Banner"
        value={banner}
        onChange={setBanner}
        options={(["stale", "offline", "denied"] as const).map((value) => ({ value, label: value }))}
        className="justify-self-start"
      />
      <BannerOf connection={BANNERS[banner]} now={NOW} />
    </Sheet>
  );
}

export function SignalSheet() {
  const now = useNow();
  return (
    <Sheet title="Severity, risk, state" note="shape, then word, then colour">
      <Row>
        {KINDS.map((kind) => (
          <SeverityTag key={kind} kind={kind} />
        ))}
      </Row>
      <Row>
        {KINDS.map((kind) => (
          <Chip key={kind} kind={kind}>
            {kind}
          </Chip>
        ))}
        <Chip>plain</Chip>
      </Row>
      <Row>
        {RISKS.map(([risk]) => (
          <RiskTag key={risk} risk={risk} />
        ))}
      </Row>
      <Row>
        {ALERT_STATES.map((state) => (
          <AlertStateTag key={state} state={state} />
        ))}
      </Row>
      <Row>
        Counts <Count value={17} critical /> <Count value={9} /> Ages <Age at={now - 800} />{" "}
        <Age at={now - 48_000} />
        <Age at={now - 32 * 60_000} /> <Age at={undefined} />
      </Row>
    </Sheet>
  );
}

const LIVES = [
  { rul: 11, low: 1, high: 25, risk: "critical" },
  { rul: 23, low: 11, high: 50, risk: "high" },
  { rul: 49, low: 36, high: 110, risk: "medium" },
  { rul: 140, low: 118, high: 160, risk: "low" },
] as const;

export function HealthSheet() {
  return (
    <Sheet title="Health and remaining life" note="band by length, pips and word">
      {RISKS.map(([risk, score]) => (
        <div key={risk} className="grid grid-cols-[2rem_minmax(0,1fr)_6rem] items-center gap-3">
          <span className="text-right font-semibold">{score ?? "–"}</span>
          <HealthBar score={score} risk={risk} />
          <RiskTag risk={risk} />
        </div>
      ))}
      <Row>
        {RISKS.map(([risk, score]) => (
          <HealthRing key={risk} score={score} risk={risk} />
        ))}
      </Row>
      {LIVES.map(({ risk, ...life }) => {
        const known = { kind: "known", unit: "cycles", most: 125, ...life } as const;
        return (
          <div key={risk} className="grid grid-cols-[10rem_minmax(0,1fr)] items-center gap-3">
            <span>{lifeInWords(known)}</span>
            <LifePlot life={known} risk={risk} />
          </div>
        );
      })}
    </Sheet>
  );
}

export function TileSheet() {
  const rows = fleetRows(useNow());
  return (
    <Sheet title="Tile" note="grid view" wide>
      <ul className="grid grid-cols-5 gap-2 max-wide:grid-cols-3 max-phone:grid-cols-1">
        {rows.map((row) => (
          <Tile key={row.asset_id} row={row} units={undefined} />
        ))}
      </ul>
    </Sheet>
  );
}

export function TableRowSheet() {
  const rows = fleetRows(useNow());
  return (
    <Sheet title="Row of the fleet" note="height follows need" wide>
      {/* biome-ignore lint/a11y/useSemanticElements: as on the fleet, whose rows become two lines on a phone */}
      <div role="table" aria-label="Rows of the fleet" data-lives="true">
        {rows.map((row) => (
          <FleetTableRow
            key={row.asset_id}
            row={row}
            units={new Map()}
            lives
            watched={row.risk === "high"}
            onWatch={() => undefined}
          />
        ))}
      </div>
    </Sheet>
  );
}

export function AlertRowSheet() {
  const now = useNow();
  const rows = [
    { alert: alert("a", "warning", "open", now) },
    { alert: alert("b", "warning", "open", now, { occurrences: 14 }), selected: true },
    { alert: alert("c", "critical", "open", now, { asset_id: "ENGINE-069" }), cursor: true },
    ...ALERT_STATES.filter((state): state is Exclude<AlertState, "open"> => state !== "open").map(
      (state) => ({
        alert: alert(state, "info", state, now, { owner: "Night shift" }),
      }),
    ),
  ];
  return (
    <Sheet title="Alert row" note="the cursor is an outline, selection a fill" wide>
      {/* biome-ignore lint/a11y/useSemanticElements: as on the page of alerts, whose rows become two lines on a phone */}
      <div role="grid" aria-label="Rows of alerts">
        {rows.map(
          ({
            alert,
            selected = false,
            cursor = false,
          }: (typeof rows)[number] & { selected?: boolean; cursor?: boolean }) => (
            <AlertRow
              key={alert.id}
              alert={alert}
              selected={selected}
              cursor={cursor}
              onSelect={() => undefined}
              onOpen={() => undefined}
            />
          ),
        )}
      </div>
    </Sheet>
  );
}
