/** BullMQ exports its scripts with their names nowhere else, and no types with them. */
declare module 'bullmq/dist/cjs/scripts';
