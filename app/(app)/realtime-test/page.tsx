import type { Metadata } from "next";
import { RealtimeTest } from "../../_components/realtime-test/realtime-test.tsx";
import { requirePrincipal } from "../../_server/session.ts";

export const metadata: Metadata = { title: "Realtime test" };

export default async function Page() {
  await requirePrincipal("/realtime-test");
  return <RealtimeTest />;
}
