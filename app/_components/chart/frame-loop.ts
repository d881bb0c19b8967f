import { type TurnDrawer, Turns } from "./turns.ts";

/** Called once an animation frame while anything is drawn. */
export type Drawer = (now: number) => void;

const drawers = new Set<Drawer>();
const turns = new Turns();
let running = 0;

function run(now: number): void {
  running = drawers.size + turns.size > 0 ? requestAnimationFrame(run) : 0;
  for (const draw of drawers) draw(now);
  turns.frame(now);
}

function keepRunning(): void {
  if (running === 0) running = requestAnimationFrame(run);
}

/** One loop of animation frames for every chart of the page. A drawer returns at once where nothing changed. */
export function onFrame(drawer: Drawer): () => void {
  drawers.add(drawer);
  keepRunning();
  return () => {
    drawers.delete(drawer);
  };
}

/** The same loop for what is dear to draw: in each frame only as many as leave the page fluid, by turns. */
export function onTurn(drawer: TurnDrawer): () => void {
  const remove = turns.add(drawer);
  keepRunning();
  return remove;
}
