// Runs a worker's TypeScript entry, given as the first argument, where there is no bundle. `--import tsx` reaches
// the main thread only on Node 20.
import { register } from "tsx/esm/api";

register();
await import(process.argv[2]);
