import Link from "next/link";
import { Button } from "../ui/button.tsx";
import { Command } from "../ui/command.tsx";
import { Empty } from "../ui/notes.tsx";

/** What is missing and the next step, with commands to copy. */
export function FleetEmpty({ mayUpload }: { mayUpload: boolean }) {
  return (
    <div className="grid place-items-center p-6 max-phone:p-3">
      <Empty title="No assets yet" className="w-full max-w-[40rem] bg-surface p-6 max-phone:p-4">
        <p>
          Assets appear by themselves with their first reading. In a terminal, in FORESIGHT's folder, generate
          an hour of a small plant and stream it in at ten times its own pace:
        </p>
        <ol className="grid w-full min-w-0 gap-2">
          <li className="min-w-0">
            <Command text="npm run convert-cmapss -- --generate --assets 3 --hours 1" />
          </li>
          <li className="min-w-0">
            <Command
              wrap
              text="npm run sensor-ingestor -- data/processed/sensor_readings.csv --realtime --speed 10"
            />
          </li>
        </ol>
        {mayUpload && (
          <p className="mt-2 flex flex-wrap items-center gap-2">
            Or, with a file of your own:
            <Button asChild>
              <Link href="/upload">Upload a CSV</Link>
            </Button>
          </p>
        )}
      </Empty>
    </div>
  );
}
