import type { Metadata } from "next";
import { SettingsPage } from "../../_components/settings/settings-page.tsx";
import { requirePrincipal } from "../../_server/session.ts";

export const metadata: Metadata = { title: "Settings" };

export default async function Page() {
  await requirePrincipal("/settings");
  return <SettingsPage />;
}
