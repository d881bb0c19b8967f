import Link from "next/link";
import { Button } from "../../../_components/ui/button.tsx";
import { Empty } from "../../../_components/ui/notes.tsx";

export default function NoSuchAsset() {
  return (
    <main className="grid place-items-center p-6">
      <Empty title="No such asset" className="w-full max-w-[36rem] bg-surface p-6">
        <h1 className="sr-only">No such asset</h1>
        <p>No asset of this name has sent a reading yet. Names are written as in the readings themselves.</p>
        <Button asChild>
          <Link href="/">Back to the fleet</Link>
        </Button>
      </Empty>
    </main>
  );
}
