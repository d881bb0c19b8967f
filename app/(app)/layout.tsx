import type { ReactNode } from "react";
import { Frame } from "../_components/frame/frame.tsx";
import { PlantProvider } from "../_components/frame/plant.tsx";
import { PersonProvider } from "../_components/frame/principal.tsx";
import { plantOf } from "../_server/plant.ts";
import { currentPrincipal } from "../_server/session.ts";

/** The frame of every page for whoever is signed in; pages lead everyone else to the login themselves. */
export default async function AppLayout({ children }: { children: ReactNode }) {
  const principal = await currentPrincipal();
  if (principal === undefined) return children;
  const { subject, tenant_id, role, credential_id } = principal;
  const plant = await plantOf(tenant_id);
  return (
    <PersonProvider person={{ username: subject, tenant_id, role }}>
      <PlantProvider key={credential_id} {...plant}>
        <Frame>{children}</Frame>
      </PlantProvider>
    </PersonProvider>
  );
}
