import type { ReactNode } from "react";
import { Frame } from "../_components/frame/frame.tsx";
import { PersonProvider } from "../_components/frame/principal.tsx";
import { RealtimeProvider } from "../_realtime/index.ts";
import { currentPrincipal } from "../_server/session.ts";

/** The frame of every page for whoever is signed in; pages lead everyone else to the login themselves. */
export default async function AppLayout({ children }: { children: ReactNode }) {
  const principal = await currentPrincipal();
  if (principal === undefined) return children;
  const { subject, tenant_id, role, credential_id } = principal;
  return (
    <PersonProvider person={{ username: subject, tenant_id, role }}>
      <RealtimeProvider key={credential_id}>
        <Frame>{children}</Frame>
      </RealtimeProvider>
    </PersonProvider>
  );
}
