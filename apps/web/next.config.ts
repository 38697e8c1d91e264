import type { NextConfig } from 'next';
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants';

/** A static export into `out/` for the workspace server; development keeps its own folder, so that neither spoils the other. */
export default function config(phase: string): NextConfig {
  return {
    output: 'export',
    distDir: phase === PHASE_DEVELOPMENT_SERVER ? '.next-dev' : '.next',
    transpilePackages: ['@farhand/shared'],
    reactStrictMode: true,
    poweredByHeader: false,
    images: { unoptimized: true },
    devIndicators: false,
    // `tsc -b` checks the types; Next would rewrite the project's own tsconfig.
    typescript: { ignoreBuildErrors: true, tsconfigPath: 'tsconfig.next.json' },
  };
}
