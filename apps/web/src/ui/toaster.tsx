import { useEffect } from 'react';
import { Toaster as Sonner, toast } from 'sonner';
import { useStore } from 'zustand';
import { useShownTheme } from '@/client/appearance.ts';
import { copyText } from './copy.ts';
import { errorDetails, takeToasts, toastStore } from './toast.tsx';

/** Where toasts appear, by way of `Toasts`. */
export default function Toaster() {
  const theme = useShownTheme();
  const waiting = useStore(toastStore, (toasts) => toasts.waiting);
  // After the list below has begun to listen: what is told before that is never shown.
  useEffect(() => {
    if (waiting.length === 0) return;
    for (const { title, text, error, action } of takeToasts()) {
      const description = text ?? undefined;
      if (error === null)
        toast(title, {
          description,
          ...(action && { action: { label: action.label, onClick: action.run } }),
        });
      else
        toast.error(title, {
          description,
          action: { label: 'Copy details', onClick: () => void copyText(errorDetails(error)) },
        });
    }
  }, [waiting]);
  return (
    <Sonner
      theme={theme}
      position="bottom-right"
      duration={8000}
      closeButton={false}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex font-sans w-[22rem] items-start gap-3 rounded-ui bg-raised p-3 text-ui text-text shadow-float',
          content: 'min-w-0 flex-1',
          icon: 'hidden',
          title: 'font-medium',
          description: 'text-small text-text-2',
          actionButton:
            'h-6 shrink-0 rounded-ui border border-hairline-strong px-2 text-small text-text hover:bg-hover',
        },
      }}
    />
  );
}
