import { runInThisProcess, type PartName } from './parts';

/**
 * A part as `stile up` and `stile demo` start it: it drains when they are gone, however they went, since it would keep its port for
 * ever. Their end of the channel between the two processes is closed by the system then.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref(); // listening alone would keep this process running
runInThisProcess(process.argv[2] as PartName);
