// Run after a change of dependencies: adds to package-lock.json the optional packages of other platforms, which npm
// leaves out when it could not read their manifests while locking; `npm ci` would refuse the lock file on every machine.
// What they are for (os, cpu, libc) is in their names, so that npm passes over them without asking the registry.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

/** A lock entry for a platform's package, or null where its name does not tell the platform. */
function entryOf(name, version) {
  const words = name.split(/[-/]/);
  const os = SYSTEMS.filter(
    (system) => words.includes(system) || (system === 'linux' && words.includes('linuxmusl')),
  );
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  if (words.includes('fsevents')) os.push('darwin');
  if (os.length + cpu.length === 0 || !/^\d/.test(version)) return null;
  const libc = words.some((word) => word.includes('musl'))
    ? ['musl']
    : words.includes('gnu')
      ? ['glibc']
      : undefined;
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(libc && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

const path = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const unknown = [];
for (const [place, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${place}/node_modules/${name}`]) continue;
    const entry = entryOf(name, version);
    if (entry) lock.packages[`node_modules/${name}`] = { ...entry, ...(dev && { dev }) };
    else unknown.push(`${name}@${version} of ${place}`);
  }
}
const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
if (unknown.length > 0) console.error(`Not added, for their names tell no platform: ${unknown.join(', ')}`);
