import { describeGateway } from "../testing/gateway-conformance.ts";
import { connectSocketIo } from "../testing/test-clients.ts";

describeGateway("Socket.IO over WebSocket", connectSocketIo("websocket"), { can_lag: true });
