/** The place of the live chart in its exact size, so that nothing shifts when it comes. */
export function LivePaneSkeleton() {
  return (
    <section aria-label="Loading the live chart" className="border-b border-line-strong bg-surface">
      <div className="min-h-11 border-b border-line max-phone:min-h-[6.75rem]" />
      <div className="lane lane-tall">
        <div className="lane-label" />
        <div className="lane-plot" />
      </div>
      <div className="lane lane-axis">
        <div className="lane-label text-11">&nbsp;</div>
        <div className="h-[1.625rem]" />
      </div>
    </section>
  );
}
