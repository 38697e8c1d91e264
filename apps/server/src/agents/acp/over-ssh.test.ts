import { describeAcpAgent } from './testing/acp-contract.ts';
import { sshHost } from './testing/acp-host.ts';

describeAcpAgent('an ACP agent over a real sshd', sshHost);
