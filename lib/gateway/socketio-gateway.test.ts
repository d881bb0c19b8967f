import { describeGateway } from "../testing/gateway-conformance/describe-gateway.ts";
import { connectSocketIo } from "../testing/test-clients.ts";

describeGateway("Socket.IO over WebSocket", connectSocketIo("websocket"), { can_lag: true });
