import type { Metadata } from "next";
import { Suspense } from "react";
import { AlertsPage } from "../../_components/alerts/alerts-page.tsx";
import { SkeletonRows } from "../../_components/ui/skeleton.tsx";
import { requirePrincipal } from "../../_server/session.ts";

export const metadata: Metadata = { title: "Alerts" };

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const parameters = Object.entries(await searchParams).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? (value[0] ?? "") : value]],
  );
  const query = new URLSearchParams(parameters).toString();
  await requirePrincipal(query === "" ? "/alerts" : `/alerts?${query}`);
  return (
    <Suspense fallback={<SkeletonRows rows={12} label="Loading alerts" />}>
      <AlertsPage />
    </Suspense>
  );
}
