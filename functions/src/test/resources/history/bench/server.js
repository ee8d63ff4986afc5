// The same API as small as a team would write it: the token verified by jose, then one transaction of four round trips by pg. With
// LOOK_UP the tenant is looked up first, in a fifth. Nothing is checked that the database does not check.
import http from 'node:http';
import pg from 'pg';
import { createLocalJWKSet, jwtVerify } from 'jose';

const { DATABASE_URL, JWT_JWKS, JWT_ISSUER, JWT_AUDIENCE, LOOK_UP } = process.env;
const sql = JSON.parse(process.env.STATEMENTS);
const keys = createLocalJWKSet(JSON.parse(JWT_JWKS));
const microseconds = /^(\S+) ([0-9:]+)(?:\.(\d+))?\+00$/;
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) =>
  text.replace(microseconds, (all, day, time, fraction) => `${day}T${time}.${(fraction ?? '').padEnd(6, '0')}Z`));
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 5, options: '-c timezone=UTC' });

async function transaction(user, tenant, statement, values) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(sql.settings, [JSON.stringify({ sub: user, role: 'authenticated' }), tenant]);
    if (LOOK_UP) {
      const found = await client.query(sql.tenant, [user, tenant]);
      tenant = found.rows[0].tenant_id;
    }
    const result = await client.query(statement, [tenant, user, ...values]);
    await client.query('commit');
    return result.rows;
  } catch (failure) {
    await client.query('rollback');
    throw failure;
  } finally {
    client.release();
  }
}

const conversation = ({ id, tenant_id, user_id, title, metadata, created_at, updated_at, message_count, archived, labels,
  last_message_at, revision }) => ({ id, tenant_id, user_id, title, metadata, created_at, updated_at, message_count, archived, labels,
  last_message_at, revision });

const message = (row) => ({ id: row.m_id, conversation_id: row.id, seq: row.seq, role: row.role, content: row.content,
  metadata: { ...row.m_metadata, conversationId: row.id, createdAt: row.m_created_at, status: row.status },
  created_at: row.m_created_at });

async function answer(request, user, tenant, body) {
  const id = request.url.split('/')[3];
  switch (`${request.method}${id ? ' one' : ''}`) {
    case 'GET':
      return [200, (await transaction(user, tenant, sql.list, [])).map(conversation)];
    case 'GET one': {
      const rows = await transaction(user, tenant, sql.get, [id]);
      return rows.length === 0 ? [404, {}]
        : [200, { ...conversation(rows[0]), messages: rows[0].m_id ? rows.map(message) : [] }];
    }
    case 'POST':
      return [201, conversation((await transaction(user, tenant, sql.post, [body.title]))[0])];
    case 'PATCH one': {
      const rows = await transaction(user, tenant, sql.patch, [id, body.title]);
      return rows.length === 0 ? [404, {}] : [200, conversation(rows[0])];
    }
    default:
      return [405, {}];
  }
}

const server = http.createServer(async (request, response) => {
  let status = 500;
  let json = {};
  try {
    const chunks = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const { payload } = await jwtVerify(token, keys, { issuer: JWT_ISSUER, audience: JWT_AUDIENCE });
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
    [status, json] = await answer(request, payload.sub, payload.tenant_id, body);
  } catch (failure) {
    console.error(failure);
  }
  const text = Buffer.from(JSON.stringify(json));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length });
  response.end(text);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`Ready: ${server.address().port}`));
