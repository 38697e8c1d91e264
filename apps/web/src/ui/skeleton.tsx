import { cx } from './cx.ts';

/** A still block in the shape of what will stand there; give its size by `className`. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden="true" className={cx('rounded-small bg-hover', className)} />;
}
