import { X } from 'lucide-react';
import { IconButton } from '@/ui/button.tsx';

/** Why a picture was not taken. */
export function ImageProblem({ text, onClose }: { readonly text: string | null; onClose(): void }) {
  if (text === null) return null;
  return (
    <p role="alert" className="mb-1 flex items-center gap-2 rounded-ui bg-failed-wash px-3 py-1 text-text">
      <span className="min-w-0 flex-1 break-words">{text}</span>
      <IconButton label="Dismiss" onClick={onClose}>
        <X className="size-3.5" aria-hidden />
      </IconButton>
    </p>
  );
}
