import type { Metadata } from "next";
import { UploadPage } from "../../_components/upload/upload-page.tsx";
import { requirePrincipal } from "../../_server/session.ts";

export const metadata: Metadata = { title: "Upload" };

export default async function Page() {
  await requirePrincipal("/upload");
  return <UploadPage />;
}
