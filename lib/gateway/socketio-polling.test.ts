import { describeGateway } from "../testing/gateway-conformance/describe-gateway.ts";
import { connectSocketIo } from "../testing/test-clients.ts";

describeGateway("Socket.IO over polling", connectSocketIo("polling"), { can_lag: false });
