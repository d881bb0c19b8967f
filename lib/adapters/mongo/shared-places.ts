import { type Collection, MongoServerError } from "mongodb";

/** An instance that has not been heard of for so long has no sockets. */
const LEASE_MS = 15_000;
export const RENEW_EVERY_MS = 5_000;
/** A user's document goes so long after the last socket. */
export const FORGET_S = 86_400;

const DUPLICATE_KEY = 11_000;

/** A user's open sockets over all instances: bounded by the most that a user may have. */
export interface PlacesDocument {
  _id: string;
  places: { place: string; instance: string; until: Date }[];
  touched: Date;
}

/** Places in one document a user, so that taking one is one atomic update. */
export class SharedPlaces {
  private readonly own = new Map<string, string[]>();
  private count = 0;

  constructor(
    private readonly collection: Collection<PlacesDocument>,
    private readonly instance: string,
    private readonly now: () => number,
  ) {}

  /** @returns whether this process alone allows another place: what counts while MongoDB is away */
  has(user: string, most: number): boolean {
    return (this.own.get(user)?.length ?? 0) < most;
  }

  /** A place that is known to this process only. */
  takeHere(user: string): void {
    this.keep(user, "");
  }

  async take(user: string, most: number): Promise<boolean> {
    const place = `${this.instance}:${this.count++}`;
    const push = {
      $push: { places: { place, instance: this.instance, until: new Date(this.now() + LEASE_MS) } },
      $set: { touched: new Date(this.now()) },
    };
    // An array's element that is not there means that the array is shorter.
    const free = { _id: user, [`places.${most - 1}`]: { $exists: false } };
    try {
      await this.collection.updateOne(free, push, { upsert: true });
    } catch (error) {
      // The document is there: made by another meanwhile, or all its places are taken, perhaps by the dead.
      if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
      await this.collection.updateOne(
        { _id: user },
        { $pull: { places: { until: { $lte: new Date(this.now()) } } } },
      );
      const { matchedCount } = await this.collection.updateOne(free, push);
      if (matchedCount === 0) return false;
    }
    this.keep(user, place);
    return true;
  }

  async leave(user: string): Promise<void> {
    const places = this.own.get(user);
    const place = places?.pop();
    if (places?.length === 0) this.own.delete(user);
    if (place) await this.collection.updateOne({ _id: user }, { $pull: { places: { place } } });
  }

  async renew(): Promise<void> {
    await this.collection.updateMany(
      { "places.instance": this.instance },
      {
        $set: { "places.$[own].until": new Date(this.now() + LEASE_MS), touched: new Date(this.now()) },
      },
      { arrayFilters: [{ "own.instance": this.instance }] },
    );
  }

  async leaveAll(): Promise<void> {
    this.own.clear();
    await this.collection.updateMany(
      { "places.instance": this.instance },
      { $pull: { places: { instance: this.instance } } },
    );
  }

  private keep(user: string, place: string): void {
    const places = this.own.get(user);
    if (places === undefined) this.own.set(user, [place]);
    else places.push(place);
  }
}
