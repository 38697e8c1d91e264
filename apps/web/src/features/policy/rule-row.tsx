import type { ListedPolicyRule, PolicyRule } from '@farhand/shared/model/policy';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { Button, IconButton } from '@/ui/button.tsx';
import { SureButton } from '../settings/sure-button.tsx';
import { EffectMark } from './effect-mark.tsx';

interface RuleRowProps {
  readonly rule: ListedPolicyRule;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  onEdit(): void;
  onRemove(): void;
  onMove(by: 'up' | 'down'): void;
}

/** One rule: what it says, of which commands, and where it counts. */
export function RuleRow({ rule, isFirst, isLast, onEdit, onRemove, onMove }: RuleRowProps) {
  const { name, effect, match, reason } = rule;
  const where = whereOf(rule);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      <EffectMark effect={effect} />
      <div className="min-w-0 flex-1 phone:basis-3/5">
        <p className="font-medium break-words">{name}</p>
        <p className="font-mono text-small wrap-anywhere text-text-2">{match.join('  ·  ')}</p>
        {where !== '' && <p className="text-small break-words text-text-3">{where}</p>}
        {reason !== null && <p className="text-small break-words text-text-3">“{reason}”</p>}
      </div>
      <div className="flex flex-wrap items-center gap-1">
        <IconButton label={`Move ${name} up`} disabled={isFirst} onClick={() => onMove('up')}>
          <ChevronUp className="size-3.5" aria-hidden />
        </IconButton>
        <IconButton label={`Move ${name} down`} disabled={isLast} onClick={() => onMove('down')}>
          <ChevronDown className="size-3.5" aria-hidden />
        </IconButton>
        <Button size="small" className="phone:h-11" aria-label={`Edit ${name}`} onClick={onEdit}>
          Edit
        </Button>
        <SureButton verb="Remove" name={name} question="Remove it?" onSure={onRemove} />
      </div>
    </li>
  );
}

// A lone dot is easily overlooked.
const placeText = (place: string) => (place === '.' ? 'the workspace’s folder' : place);

const WORDS = { paths: 'paths', cwd: 'in', host: 'on', user: 'as', agent: 'for' } as const;

function whereOf(rule: PolicyRule): string {
  const keys = Object.keys(WORDS) as (keyof typeof WORDS)[];
  const parts = keys.filter((key) => rule[key].length > 0);
  return parts.map((key) => `${WORDS[key]} ${rule[key].map(placeText).join(' or ')}`).join(', ');
}
