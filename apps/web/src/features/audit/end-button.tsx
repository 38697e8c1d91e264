import { useQuery } from '@tanstack/react-query';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';

interface EndButtonProps {
  /** Of the command. */
  readonly seq: number;
  readonly jobId: string;
  readonly onShow: (seq: number) => void;
}

/** Leads from a command to how it ended and what it wrote; not there while it runs. */
export function EndButton({ seq, jobId, onShow }: EndButtonProps) {
  const { data } = useQuery({
    queryKey: ['audit', 'end', seq],
    queryFn: async ({ signal }) => {
      const wanted = { text: jobId, kinds: ['exit' as const], after: seq };
      return (await call('audit.search', wanted, { signal })).events;
    },
  });
  // Of one that was started anew under its id, the first end after this start.
  const end = data?.findLast(({ facts }) => facts.command === seq);
  if (!end) return null;
  return (
    <Button size="small" className="phone:h-11" onClick={() => onShow(end.seq)}>
      {end.output === null ? 'Its end' : 'Its end and output'}
    </Button>
  );
}
