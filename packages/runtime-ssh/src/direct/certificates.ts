/** Certificates of a person's keys: ssh offers them, the direct connection does not, and says so where that may be why. */
import { existsSync } from 'node:fs';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { keyTypeOf } from '../known-hosts/known-hosts.ts';
import type { DirectSettings } from './settings.ts';

type Configured = Pick<DirectSettings, 'certificateFiles' | 'identityFiles'>;

/** True for a key in wire form that is a certificate, as an agent lists it beside its key. */
export const isCertificate = (publicKey: Buffer): boolean =>
  keyTypeOf(publicKey).endsWith('-cert-v01@openssh.com');

/** As `error`; where keys were refused and there is a certificate that was left out, its hint says so first. */
export function tellCertificates(error: unknown, settings: Configured, inAgent: boolean): unknown {
  if (!FarhandError.is(error, 'host.auth_failed', 'host.too_many_keys')) return error;
  const { certificateFiles, identityFiles } = settings;
  // As ssh looks for them, besides those that are named.
  const beside = identityFiles.map((file) => `${file}-cert.pub`);
  const file = certificateFiles[0] ?? beside.find((path) => existsSync(path));
  if (file === undefined && !inAgent) return error;
  const where = file ?? 'in the ssh agent';
  const left = `The certificate ${where} was not offered: the direct connection cannot. Choose the method “master” for this host: then the system’s ssh connects.`;
  const { code, message, hint, details, cause } = error;
  return new FarhandError(code, { message, hint: hint === null ? left : `${left} ${hint}`, details, cause });
}
