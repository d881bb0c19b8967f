"use client";
import { useMay, usePerson } from "../frame/principal.tsx";
import { Appearance } from "./appearance.tsx";
import { OwnUnits } from "./own-units.tsx";
import { PlantSettings } from "./plant-settings.tsx";
import { Rules } from "./rules.tsx";
import { Section } from "./section.tsx";
import { Tokens } from "./tokens.tsx";
import { Users } from "./users.tsx";

export function SettingsPage() {
  const { username, role, tenant_id } = usePerson();
  const mayAdminister = useMay("administer");
  return (
    <main className="grid grid-cols-[minmax(0,1fr)] content-start gap-4 p-4 max-phone:p-3">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h1 className="text-20 font-semibold">Settings</h1>
        <p className="text-12 text-muted">
          {username}, {role} of {tenant_id}
        </p>
      </div>
      <PlantSettings />
      <Appearance />
      <OwnUnits />
      <Rules />
      {mayAdminister ? (
        <>
          <Tokens />
          <Users />
        </>
      ) : (
        <Section
          id="access"
          title="Tokens and people"
          note="Only an admin of this tenant sees and changes them."
        >
          <p className="px-4 py-3 text-12 text-muted max-phone:px-3">
            Need a token for a program, or another role? Ask an admin, or whoever runs the machine:{" "}
            <code className="font-mono">npx foresight token --tenant {tenant_id} --role ingest</code>
          </p>
        </Section>
      )}
    </main>
  );
}
