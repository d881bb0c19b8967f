import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { toWireAsset } from "../../../../lib/protocol/wire.ts";
import { runningApp } from "../../../../lib/runtime/handle.ts";
import { AssetPage } from "../../../_components/asset/asset-page.tsx";
import { createShownUnits } from "../../../_realtime/shown-units.ts";
import { plantOf } from "../../../_server/plant.ts";
import { requirePrincipal } from "../../../_server/session.ts";

interface Props {
  params: Promise<{ asset_id: string }>;
}

/** The id as it was meant: parts of a path come as they stand in the URL. */
async function idOf({ params }: Props): Promise<string> {
  const { asset_id } = await params;
  try {
    return decodeURIComponent(asset_id);
  } catch {
    return notFound();
  }
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: await idOf(props) };
}

export default async function Page(props: Props) {
  const asset_id = await idOf(props);
  const principal = await requirePrincipal(`/assets/${encodeURIComponent(asset_id)}`);
  const { store } = runningApp();
  const [asset, { settings, own_units }] = await Promise.all([
    store.asset(principal.tenant_id, asset_id),
    plantOf(principal.tenant_id),
  ]);
  if (asset === undefined) notFound();
  return (
    <AssetPage
      key={asset_id}
      initial={createShownUnits({ ...settings.units, ...own_units }).asset(toWireAsset(asset))}
    />
  );
}
