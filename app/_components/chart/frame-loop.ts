/** Called once an animation frame while anything is drawn. */
export type Drawer = (now: number) => void;

const drawers = new Set<Drawer>();
let running = 0;

function run(now: number): void {
  running = drawers.size > 0 ? requestAnimationFrame(run) : 0;
  for (const draw of drawers) draw(now);
}

/** One loop of animation frames for every chart of the page. A drawer returns at once where nothing changed. */
export function onFrame(drawer: Drawer): () => void {
  drawers.add(drawer);
  if (running === 0) running = requestAnimationFrame(run);
  return () => {
    drawers.delete(drawer);
  };
}
