import { SECRET_KINDS, type SecretKind } from '@farhand/shared/model/secrets';
import { KIND_LABELS } from './secret-query.ts';

interface KindBoxesProps {
  readonly kinds: readonly SecretKind[];
  readonly onChange: (kinds: readonly SecretKind[]) => void;
}

/** Which jobs get a secret; at least one kind stays chosen. */
export function KindBoxes({ kinds, onChange }: KindBoxesProps) {
  return (
    <fieldset className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <legend className="float-left mr-1 text-small font-medium text-text-2">Given to</legend>
      {SECRET_KINDS.map((kind) => {
        const isChosen = kinds.includes(kind);
        return (
          <label key={kind} className="flex items-center gap-1.5 phone:min-h-11">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={isChosen}
              disabled={isChosen && kinds.length === 1}
              onChange={() =>
                onChange(SECRET_KINDS.filter((other) => (other === kind ? !isChosen : kinds.includes(other))))
              }
            />
            {KIND_LABELS[kind]}
          </label>
        );
      })}
    </fieldset>
  );
}
