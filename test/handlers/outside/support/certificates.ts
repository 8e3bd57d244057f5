import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** PEM. */
export interface Certificates {
  readonly authority: string;
  readonly key: string;
  readonly certificate: string;
}

/** An authority of its own, made now, and a certificate for these hosts or addresses. */
export function makeCertificates(...names: readonly string[]): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const openssl = (args: string): void => {
    execFileSync('openssl', args.split(' '), { cwd: folder, stdio: 'pipe' });
  };
  const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  try {
    openssl(`req -x509 ${newKey} -keyout authority.key -out authority.pem -subj /CN=Authority -days 2`);
    openssl(`req ${newKey} -keyout server.key -out server.csr -subj /CN=server`);
    const alternatives = names.map((name) => `${/^[\d.]+$|:/.test(name) ? 'IP' : 'DNS'}:${name}`);
    writeFileSync(join(folder, 'names'), `subjectAltName=${alternatives.join()}`);
    openssl(
      'x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -out server.pem -days 2 -extfile names',
    );
    const [authority = '', key = '', certificate = ''] = ['authority.pem', 'server.key', 'server.pem'].map(
      (file) => readFileSync(join(folder, file), 'utf8'),
    );
    return { authority, key, certificate };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
