import { asc, eq } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { hostTasks } from '../store/schema.ts';
import { type HostTask, hostTask, taskId } from './task.ts';

export interface TaskStore {
  /** Oldest first. */
  all(): HostTask[];
  /** A task that is there already is left as it is. */
  add(task: HostTask): void;
  remove(task: HostTask): void;
}

export function createTaskStore(db: Database): TaskStore {
  return {
    all: () =>
      db
        .select({ task: hostTasks.task })
        .from(hostTasks)
        .orderBy(asc(hostTasks.createdAt))
        .all()
        .map(({ task }) => hostTask.parse(JSON.parse(task))),
    add: (task) =>
      void db
        .insert(hostTasks)
        .values({
          id: taskId(task),
          hostId: task.hostId,
          task: JSON.stringify(task),
          createdAt: new Date().toISOString(),
        })
        .onConflictDoNothing()
        .run(),
    remove: (task) =>
      void db
        .delete(hostTasks)
        .where(eq(hostTasks.id, taskId(task)))
        .run(),
  };
}
