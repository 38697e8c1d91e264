'use client';

import dynamic from 'next/dynamic';
import { ShellSkeleton } from './shell-skeleton.tsx';

// What is shown depends on the browser's own storage and address, so nothing but the skeleton is rendered at build time.
const App = dynamic(() => import('./app.tsx'), { ssr: false, loading: () => <ShellSkeleton /> });

/** The one page of Farhand. */
export function Page() {
  return <App />;
}
