/** Calls back once, soon: before the next paint where the page is seen. Returns how to call it off. */
export type FrameSchedule = (callback: () => void) => () => void;

/** A hidden page gets no animation frames, but what it holds must be right as soon as it is looked at. */
const HIDDEN_MS = 500;

export const browserFrames: FrameSchedule = (callback) => {
  let over = false;
  const run = () => {
    if (over) return;
    cancel();
    callback();
  };
  const frame = typeof requestAnimationFrame === "undefined" ? undefined : requestAnimationFrame(run);
  const timer = setTimeout(run, HIDDEN_MS);
  const cancel = () => {
    over = true;
    if (frame !== undefined) cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  return cancel;
};
