import type { Metadata } from "next";
import { Styleguide } from "../../_components/styleguide/styleguide.tsx";
import { requirePrincipal } from "../../_server/session.ts";

export const metadata: Metadata = { title: "Components" };

export default async function Page() {
  await requirePrincipal("/styleguide");
  return <Styleguide />;
}
