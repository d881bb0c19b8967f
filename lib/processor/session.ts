import type { HealthModel } from "../domain/health-model.ts";
import type { LogPosition } from "../domain/log-position.ts";
import type { Rule } from "../domain/rule.ts";
import type { EpochMs } from "../domain/time.ts";
import type { LogBatch } from "../ports/event-log.ts";
import type { ProcessorEffects } from "../ports/store.ts";
import type { Clock, Logger, Metrics } from "../ports/system.ts";
import { type AssetState, newAsset, type SensorState } from "./asset-state.ts";
import type { Effects } from "./effects.ts";
import { judge } from "./judge.ts";
import { Pending } from "./pending.ts";
import { judgeAssetSilence } from "./silence.ts";
import { isStale, Staleness, withhold } from "./staleness.ts";
import type { TenantState, TenantStates } from "./tenant-states.ts";

/** What the judging of a sensor by a rule was left out for, and how often. */
export interface Unconvertible {
  tenant_id: string;
  asset_id: string;
  sensor_id: string;
  unit: string;
  count: number;
}

/**
 * Turns stretches of the log into effects, between one loading of the saved state and the next. Holds no promise of
 * its own: who calls it commits what `take` gives, in order, or drops the session.
 */
export class Session<H> {
  private readonly pending = new Map<number, Pending<H>>();
  /** Per partition the receiving time of the newest reading that was processed. */
  private readonly received_until = new Map<number, EpochMs>();
  private readonly moved = new Set<string>();
  private readonly staleness = new Staleness<H>();
  private readonly started_at: number;

  constructor(
    private readonly parts: {
      tenants: TenantStates<H>;
      model: HealthModel<H>;
      clock: Clock;
      logger: Logger;
      metrics: Metrics;
    },
    private readonly log_id: string,
    saved: Record<number, number>,
  ) {
    this.started_at = parts.clock.now();
    for (const [partition, offset] of Object.entries(saved))
      this.pending.set(Number(partition), new Pending(Number(partition), offset));
    for (const [tenant_id, { assets }] of parts.tenants.all())
      for (const asset of assets.values())
        if (this.pending.has(asset.partition)) this.staleness.watch(tenant_id, asset);
  }

  /** Where the processing stands, committed or not. */
  position(): LogPosition {
    const next: Record<number, number> = {};
    for (const [partition, { next_offset }] of this.pending) next[partition] = next_offset;
    return { log_id: this.log_id, next };
  }

  /** Readings that wait for a commit. */
  size(): number {
    let size = 0;
    for (const pending of this.pending.values()) size += pending.size;
    return size;
  }

  /** Judges what of a batch has not been judged yet. Synchronous, so a commit never sees half a batch. */
  process(batch: LogBatch<"sensor_readings">, tenant: TenantState<H>): void {
    const { tenant_id, received_at, partition } = batch;
    const pending = this.partition(partition);
    const skip = Math.max(0, pending.next_offset - batch.first_offset);
    if (skip >= batch.values.length) return;
    const readings = skip === 0 ? batch.values : batch.values.slice(skip);
    const { model } = this.parts;
    const effects = this.effectsOf(pending, tenant_id);
    const place = { tenant_id, partition, offset: batch.first_offset + skip, received_at };
    for (const reading of readings) {
      let asset = tenant.assets.get(reading.asset_id);
      if (asset === undefined) {
        asset = newAsset(reading, partition, model.initial);
        tenant.assets.set(reading.asset_id, asset);
      }
      if (asset.partition !== partition) this.flagMove(tenant_id, asset, partition);
      if (place.offset >= asset.included) {
        // Told before the silence ends, also where nobody looked while it lasted.
        if (isStale(asset, received_at)) effects.health(withhold(tenant_id, asset, tenant.models));
        judge(asset, reading, place, tenant, model, effects);
        pending.touch(tenant_id, asset);
        this.staleness.watch(tenant_id, asset);
      }
      place.offset++;
    }
    this.received_until.set(partition, received_at);
    pending.addReadings(tenant_id, received_at, readings, batch.first_offset + batch.values.length);
  }

  /** Everything before `next_offset` of a partition has been seen, also where there was nothing to process. */
  reach(partition: number, next_offset: number): void {
    const pending = this.partition(partition);
    pending.next_offset = Math.max(pending.next_offset, next_offset);
  }

  /** Its producers do not agree on the partition of a key, so nobody keeps its order. */
  private flagMove(tenant_id: string, asset: AssetState<H>, partition: number): void {
    const { logger, metrics } = this.parts;
    const id = JSON.stringify([tenant_id, asset.asset_id]);
    if (!this.moved.has(id)) {
      this.moved.add(id);
      const { asset_id, partition: before } = asset;
      logger.warn({ tenant_id, asset_id, before, partition }, "an asset is on two partitions");
      metrics.increment("foresight_assets_on_two_partitions_total");
    }
    asset.partition = partition;
    asset.included = 0;
  }

  watchesSilence(): boolean {
    for (const [, { watches_silence }] of this.parts.tenants.all()) if (watches_silence) return true;
    return false;
  }

  configChanged(): Promise<boolean> {
    return this.parts.tenants.changed();
  }

  /** Nothing may wait for a commit. */
  reloadConfig(): Promise<void> {
    return this.parts.tenants.reload();
  }

  /**
   * Judges silence.
   * @param caught_up_at when, by the receiving clock, the processing had reached a partition's head, if it has
   * @returns whether there is something to commit
   */
  judgeSilence(caught_up_at: (partition: number) => EpochMs | undefined): boolean {
    const { tenants, clock } = this.parts;
    const silence = {
      known_until: -1,
      loaded_until: tenants.loaded_until,
      downtime_ms: Math.max(0, this.started_at - tenants.loaded_until),
      now: clock.now(),
    };
    let changed = false;
    for (const [tenant_id, tenant] of tenants.all()) {
      if (!tenant.watches_silence) continue;
      for (const asset of tenant.assets.values()) {
        const pending = this.pending.get(asset.partition);
        // Another processor's.
        if (pending === undefined) continue;
        silence.known_until = caught_up_at(asset.partition) ?? this.received_until.get(asset.partition) ?? -1;
        const emit = this.effectsOf(pending, tenant_id).command;
        if (!judgeAssetSilence(asset, tenant.rules, silence, emit)) continue;
        pending.touch(tenant_id, asset);
        changed = true;
      }
    }
    return changed;
  }

  /** Whether the score of some asset may have grown stale. */
  awaitsStale(): boolean {
    return this.staleness.isDue(this.parts.clock.now());
  }

  /**
   * Withholds the scores of assets that have been silent for too long; of each partition as far as it is processed.
   * @param caught_up_at as for `judgeSilence`
   * @returns whether there is something to commit
   */
  withholdStale(caught_up_at: (partition: number) => EpochMs | undefined): boolean {
    const { tenants, clock } = this.parts;
    const knownUntil = (partition: number) =>
      // Of another processor's partitions nothing is known here.
      this.pending.has(partition)
        ? (caught_up_at(partition) ?? this.received_until.get(partition) ?? -1)
        : undefined;
    const stale = this.staleness.take(clock.now(), knownUntil);
    for (const { tenant_id, asset } of stale) {
      const pending = this.pending.get(asset.partition)!;
      pending.addScore(withhold(tenant_id, asset, tenants.known(tenant_id)!.models));
      pending.touch(tenant_id, asset);
    }
    return stale.length > 0;
  }

  /**
   * Hands over everything that waits, with the states as they are now, and begins to gather anew after it.
   */
  take(): ProcessorEffects[] {
    const taken = [...this.pending.values()].filter((pending) => !pending.empty);
    for (const { partition, next_offset } of taken)
      this.pending.set(partition, new Pending(partition, next_offset));
    return taken.map((pending) => pending.effects(this.parts.model));
  }

  unconvertible(): Unconvertible[] {
    const found: Unconvertible[] = [];
    for (const [tenant_id, { assets }] of this.parts.tenants.all())
      for (const { asset_id, sensors } of assets.values())
        for (const { sensor_id, unit, unconvertible: count } of sensors)
          if (count > 0) found.push({ tenant_id, asset_id, sensor_id, unit, count });
    return found;
  }

  private partition(partition: number): Pending<H> {
    let pending = this.pending.get(partition);
    if (pending === undefined) {
      pending = new Pending(partition, 0);
      this.pending.set(partition, pending);
    }
    return pending;
  }

  private effectsOf(pending: Pending<H>, tenant_id: string): Effects {
    const { logger, metrics } = this.parts;
    return {
      // The rule's id of it is unique within a log only: offsets begin anew in a log that is made anew.
      command: (command) =>
        pending.addCommand(tenant_id, { ...command, event_id: `${command.event_id}.${this.log_id}` }),
      health: (score) => pending.addScore(score),
      unconvertible: (asset_id: string, sensor: SensorState, rule: Rule, first: boolean) => {
        metrics.increment("foresight_unconvertible_total", { tenant_id });
        if (first)
          logger.warn(
            { tenant_id, asset_id, sensor_id: sensor.sensor_id, unit: sensor.unit, rule_id: rule.id },
            `the sensor's unit "${sensor.unit}" cannot be converted to the rule's "${rule.unit}"; the rule is not judged`,
          );
      },
    };
  }
}
