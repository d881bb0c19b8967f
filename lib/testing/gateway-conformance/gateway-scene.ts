import type { Reading } from "../../domain/reading.ts";
import { openStage, type Stage, type StageOptions } from "../stage.ts";
import { type ClientTarget, type ConnectClient, of, type TestClient, until } from "../test-clients.ts";

/** Readings numbered from `from` on; the number is the value, and every third belongs to the same asset. */
export function numbered(from: number, count: number): Reading[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const asset_id = `PUMP-00${n % 3}`;
    return {
      asset_id,
      sensor_id: `${asset_id}-TEMP`,
      sensor_type: "temperature",
      value: n,
      unit: "°C",
      quality: "good",
      timestamp: Date.UTC(2024, 0, 1) + n * 1_000,
    };
  });
}

export const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** A stage and the clients that a test opens on it, for one test at a time. */
export interface GatewayScene {
  readonly stage: Stage;
  readonly clients: TestClient[];
  begin(options?: StageOptions): Promise<void>;
  finish(): Promise<void>;
  open(target?: Partial<ClientTarget>): Promise<TestClient>;
  /** Opens a client that has been answered its `subscribe`, of `sensor_data` where `message` says nothing else. */
  subscribed(message?: object, target?: Partial<ClientTarget>): Promise<TestClient>;
  /** Codes of the errors that the client got. */
  codes(client: TestClient): string[];
}

export function createGatewayScene(connect: ConnectClient): GatewayScene {
  let stage: Stage;
  let clients: TestClient[];

  const open = async (target: Partial<ClientTarget> = {}) => {
    const tenant_id = target.tenant_id ?? "acme";
    const client = await connect({
      url: stage.url,
      tenant_id,
      token: target.token ?? stage.authenticator.grant({ tenant_id }),
      ...(target.channel !== undefined && { channel: target.channel }),
    });
    clients.push(client);
    return client;
  };
  return {
    get stage() {
      return stage;
    },
    get clients() {
      return clients;
    },
    open,
    async begin(options) {
      clients = [];
      stage = await openStage(options);
    },
    async finish() {
      for (const client of clients) client.close();
      await stage.dispose();
    },
    async subscribed(message = {}, target = {}) {
      const client = await open(target);
      client.send({ type: "subscribe", channels: ["sensor_data"], ...message });
      await until(() => of(client, "subscribed").length > 0, "subscribed");
      return client;
    },
    codes: (client) => of(client, "error").map(({ code }) => code),
  };
}
