export type BrowserEvent = "online" | "offline" | "visible" | "hidden";

/** What a client wants to know of the browser it runs in; nothing where there is none (server, program). */
export type BrowserWatch = (listener: (event: BrowserEvent) => void) => () => void;

export const watchBrowser: BrowserWatch = (listener) => {
  if (typeof window === "undefined" || typeof document === "undefined") return () => {};
  const online = () => listener("online");
  const offline = () => listener("offline");
  const visibility = () => listener(document.visibilityState === "visible" ? "visible" : "hidden");
  window.addEventListener("online", online);
  window.addEventListener("offline", offline);
  document.addEventListener("visibilitychange", visibility);
  if (navigator.onLine === false) offline();
  return () => {
    window.removeEventListener("online", online);
    window.removeEventListener("offline", offline);
    document.removeEventListener("visibilitychange", visibility);
  };
};
