// Calls operations through Alibaba Cloud's Node clients.
//
// Each line of standard input is a call in JSON; a line of JSON answers it: {"body": ..} or {"refused": ..}, which is
// what the client tells its user of an error.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(import.meta.url);
const { default: OpenApi, $OpenApiUtil, OpenApiUtil } = require("@alicloud/openapi-core");
const { RuntimeOptions } = require("@darabonba/typescript");
const Pop = require("@alicloud/pop-core");
const kitx = createRequire(require.resolve("@alicloud/pop-core"))("kitx");

const Clock = Date;
const makeNonce = kitx.makeNonce;
const getNonce = OpenApiUtil.getNonce;

/** Have the clients' clock go ahead so many seconds, and their nonces be this one, if any. */
function pretend({ ahead, nonce }) {
  globalThis.Date = class extends Clock {
    constructor(...given) {
      super(...(given.length ? given : [Clock.now() + 1000 * ahead]));
    }
  };
  kitx.makeNonce = nonce ? () => nonce : makeNonce;
  OpenApiUtil.getNonce = nonce ? () => nonce : getNonce;
}

/** Parameters with lists and structs as one JSON text, as IMM wants them. */
function flat(parameters) {
  const text = (value) => (typeof value === "object" ? JSON.stringify(value) : value);
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, text(value)]));
}

const callers = {
  async "openapi-core"({ endpoint, credentials, version, action, parameters, how }) {
    const client = new OpenApi(
      new $OpenApiUtil.Config({
        accessKeyId: credentials.key_id,
        accessKeySecret: credentials.secret,
        securityToken: credentials.token,
        endpoint,
        protocol: "HTTP",
        signatureAlgorithm: how.v1 ? "v2" : undefined, // the client's own name for version 1
      }),
    );
    const params = new $OpenApiUtil.Params({
      action,
      version,
      protocol: "HTTP",
      pathname: "/",
      method: how.method ?? "POST",
      authType: "AK",
      style: "RPC",
      reqBodyType: "formData",
      bodyType: "json",
    });
    const given = flat(parameters);
    const request = new $OpenApiUtil.OpenApiRequest(how.form ? { body: given } : { query: OpenApiUtil.query(given) });
    try {
      return { body: (await client.callApi(params, request, new RuntimeOptions({}))).body };
    } catch (error) {
      return {
        refused: {
          status: error.statusCode,
          code: error.code,
          message: error.data?.Message ?? error.message,
          request_id: error.requestId,
          kind: error.name,
          detail: error.accessDeniedDetail,
        },
      };
    }
  },

  async "pop-core"({ endpoint, credentials, version, action, parameters, how }) {
    const client = new Pop.RPCClient({
      accessKeyId: credentials.key_id,
      accessKeySecret: credentials.secret,
      securityToken: credentials.token,
      endpoint: `http://${endpoint}`,
      apiVersion: version,
    });
    try {
      return { body: await client.request(action, flat(parameters), { method: how.method }) };
    } catch (error) {
      return {
        refused: {
          status: error.entry?.response.statusCode,
          code: error.code,
          message: error.data?.Message ?? error.message,
          request_id: error.data?.RequestId,
          kind: error.name,
          detail: error.data?.AccessDeniedDetail,
        },
      };
    } finally {
      client.keepAliveAgent.destroy();
    }
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const call = JSON.parse(line);
  pretend(call);
  process.stdout.write(`${JSON.stringify(await callers[call.client](call))}\n`);
}
