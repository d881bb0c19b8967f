import { describeGateway } from "../testing/gateway-conformance.ts";
import { connectRaw } from "../testing/test-clients.ts";

describeGateway("Raw WebSocket", connectRaw, { can_lag: true });
