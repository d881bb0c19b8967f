import type { Metadata } from "next";
import { FleetPage } from "../_components/fleet/fleet-page.tsx";
import { requirePrincipal } from "../_server/session.ts";

export const metadata: Metadata = { title: "Fleet" };

export default async function Page() {
  await requirePrincipal("/");
  return <FleetPage />;
}
