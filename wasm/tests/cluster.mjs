// A PostgreSQL of the tests' own in a temporary folder, reached through a socket there. COUNTERSIGN_POSTGRES_BIN names the
// folder of its programs when they are neither on the path nor where Debian puts them.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import pg from 'pg';

const ROOT = process.getuid() === 0;

function programs() {
  if (process.env.COUNTERSIGN_POSTGRES_BIN) return process.env.COUNTERSIGN_POSTGRES_BIN;
  for (const folder of process.env.PATH.split(delimiter)) {
    // It may be a link, with its companions elsewhere.
    if (existsSync(join(folder, 'initdb'))) return dirname(realpathSync(join(folder, 'initdb')));
  }
  const debian = '/usr/lib/postgresql';
  const [version] = existsSync(debian) ? readdirSync(debian).sort((a, b) => b - a) : [];
  if (!version) throw new Error("PostgreSQL's programs (initdb, postgres) are needed: apt-get install postgresql");
  return join(debian, version, 'bin');
}

/** A program of PostgreSQL's, which refuse to be root. */
function command(name, parameters) {
  const path = join(programs(), name);
  return ROOT ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', path, ...parameters]] : [path, parameters];
}

function run(folder, name, ...parameters) {
  const { status, stderr, error } = spawnSync(...command(name, parameters), { cwd: folder, encoding: 'utf8' });
  if (status !== 0 && name !== 'pg_isready') throw error ?? new Error(`${name}: ${stderr}`);
  return status;
}

export async function start() {
  // Short: a socket's path has to fit into 107 bytes.
  const folder = mkdtempSync(join(tmpdir(), 'cs-js-pg'));
  if (ROOT) spawnSync('chown', ['postgres', folder]);
  const data = join(folder, 'data');
  run(folder, 'initdb', '--pgdata', data, '--username=bank', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8');
  const options = ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'max_connections=200', '-c', 'deadlock_timeout=50ms'];
  const server = spawn(...command('postgres', options), { cwd: folder, stdio: 'ignore' });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  for (const until = Date.now() + 60_000; run(folder, 'pg_isready', '--quiet', '--host', folder) !== 0; ) {
    if (Date.now() > until) throw new Error('PostgreSQL does not start');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const pools = [];
  let schemas = 0;
  const pool = (schema) => {
    const opened = new pg.Pool({ host: folder, user: 'bank', database: 'postgres', options: `-c search_path=${schema}`, max: 20 });
    opened.on('error', () => {});
    pools.push(opened);
    return opened;
  };
  return {
    folder,
    pool,
    /** Connections to an empty schema. */
    async database() {
      schemas += 1;
      const schema = `s${schemas}`;
      const opened = pool(schema);
      await opened.query(`CREATE SCHEMA ${schema}`);
      opened.schema = schema;
      return opened;
    },
    async stop() {
      await Promise.all(pools.filter((it) => !it.ended).map((it) => it.end()));
      run(folder, 'pg_ctl', 'stop', '--silent', '--pgdata', data, '--mode', 'immediate');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
