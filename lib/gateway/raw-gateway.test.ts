import { describeGateway } from "../testing/gateway-conformance/describe-gateway.ts";
import { connectRaw } from "../testing/test-clients.ts";

describeGateway("Raw WebSocket", connectRaw, { can_lag: true });
