import { describeAcpAgent } from './testing/acp-contract.ts';
import { localHost } from './testing/acp-host.ts';

describeAcpAgent('an ACP agent on this machine', localHost);
