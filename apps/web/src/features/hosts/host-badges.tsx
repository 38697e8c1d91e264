import type { Host } from '@farhand/shared/model/hosts';
import { resting } from './host-standing.ts';

/** Whether a host is the default, and whether a person took it away. */
export function HostBadges({ host: { isDefault, connection } }: { readonly host: Host }) {
  const away = resting(connection);
  return (
    <>
      {isDefault && <Badge>default</Badge>}
      {away && <Badge>{away}</Badge>}
    </>
  );
}

const Badge = ({ children }: { readonly children: string }) => (
  <span className="shrink-0 rounded-small bg-hover px-1.5 text-small font-normal text-text-2">
    {children}
  </span>
);
