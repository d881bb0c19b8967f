import { describe } from "vitest";
import type { ConnectClient } from "../test-clients.ts";
import { describeCaps } from "./caps.ts";
import { describeDelivery } from "./delivery.ts";
import { createGatewayScene } from "./gateway-scene.ts";
import { describeIdentity } from "./identity.ts";
import { describeMessages } from "./messages.ts";
import { describeResume } from "./resume.ts";
import { describeResumeProperty } from "./resume-property.ts";
import { describeSlowClients } from "./slow-clients.ts";

export interface GatewayFeatures {
  /** The client can stop reading, so that it lags. */
  can_lag: boolean;
}

/** What every gateway must do, whatever the wire. `connect` opens one client or throws `Refused`. */
export function describeGateway(name: string, connect: ConnectClient, features: GatewayFeatures): void {
  describe(`${name} as a gateway`, () => {
    const scene = createGatewayScene(connect);
    describeMessages(scene);
    describeDelivery(scene);
    describeResume(scene);
    describeResumeProperty(scene);
    if (features.can_lag) describeSlowClients(scene);
    describeIdentity(scene);
    describeCaps(scene);
  });
}
