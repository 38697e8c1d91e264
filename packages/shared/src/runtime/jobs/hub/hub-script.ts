import { PERL_HUB } from './perl-hub.ts';
import { SH_HUB } from './sh-hub.ts';

/** Which program carries the output; `perl_polling` is perl without inotify. */
export type HubKind = 'perl' | 'perl_polling' | 'sh';

/** Becomes the hub: in perl where that works, in sh where not; or in what `kind` says. */
export function hubScript(kind?: HubKind): string {
  if (kind === 'sh') return SH;
  const perl = perlScript(kind === 'perl_polling' ? 'polling' : 'inotify');
  // Perl may be there without its modules.
  return kind === undefined
    ? `if perl -MFcntl -MConfig -MErrno -e 1 2>/dev/null; then\n${perl}fi\n${SH}`
    : perl;
}

// By a descriptor, so that the list of processes does not show the whole of it. Each stream takes two descriptors.
function perlScript(how: string): string {
  return `ulimit -n "$(ulimit -H -n)" 2>/dev/null
exec perl -e 'open my $hub, "<&=3"; local $/; eval <$hub>; die $@' ${how} 2>/dev/null 3<<'END_OF_HUB'
${withoutComments(PERL_HUB)}
END_OF_HUB
`;
}

const SH = `${withoutComments(SH_HUB)}hub\n`;

// A kept shell reads its script byte by byte.
function withoutComments(text: string): string {
  return text.replaceAll(/^\s+/gm, '').replaceAll(/^#.*\n/gm, '');
}
