import { RISK_WORDS_TO_DO, type Risk, riskWord } from "../ui/risk.tsx";
import type { FleetGroup, Grouping } from "./fleet-view.ts";
import { inWords } from "./names.ts";
import { RISK_ORDER } from "./rows.ts";

function riskOf(key: string): Risk | undefined {
  return RISK_ORDER.find((risk) => risk === key);
}

/** The words of a group: its name, how many, and what it asks of its reader or how many of it need something. */
export function GroupWords({ group, by }: { group: FleetGroup; by: Grouping }) {
  const risk = by === "risk" ? riskOf(group.key) : undefined;
  const needing = group.rows.filter(({ risk }) => risk === "critical" || risk === "high").length;
  const silent = group.rows.filter(({ risk }) => risk === "unknown").length;
  const words = [needing > 0 && `${needing} critical or high`, silent > 0 && `${silent} without data`];
  return (
    <>
      <b className="mr-2 font-semibold text-text">{risk ? riskWord(risk) : inWords(group.key)}</b>
      {group.rows.length}
      <span className="ml-2 text-faint">
        {risk ? RISK_WORDS_TO_DO[risk] : words.filter(Boolean).join(", ") || "nothing to do"}
      </span>
    </>
  );
}

export function GroupHead({ group, by }: { group: FleetGroup; by: Grouping }) {
  return (
    <h2 className="flex h-9 items-center px-4 text-12 font-normal text-muted max-phone:px-3">
      <GroupWords group={group} by={by} />
    </h2>
  );
}
