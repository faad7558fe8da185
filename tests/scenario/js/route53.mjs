// A bridge to the AWS SDK for JavaScript: node route53.mjs FOLDER ENDPOINT
//
// Each line of stdin is a request, {"call": NAME, "input": {...}}, and each line of stdout its
// outcome.  NAME is a command ("CreateHostedZone"), a waiter ("waitUntil...") or a pager
// ("paginate...", whose outcome is the list of its pages).  FOLDER is where npm has installed.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [folder, endpoint] = process.argv.slice(2);
const sdk = createRequire(`${folder}/`)("@aws-sdk/client-route-53");
const client = new sdk.Route53Client({
  endpoint,
  region: "eu-west-1",
  credentials: { accessKeyId: "AKSIGNPOST", secretAccessKey: "lighthouse" },
  maxAttempts: 1,
});

async function call(name, input) {
  if (name.startsWith("waitUntil"))
    return sdk[name]({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 30 }, input);
  if (name.startsWith("paginate")) {
    const pages = [];
    for await (const page of sdk[name]({ client, pageSize: 2 }, input)) pages.push(page);
    return pages;
  }
  return client.send(new sdk[`${name}Command`](input));
}

// What a program may tell an error by: its class, if the SDK has one of that name, its name and its
// words.
function told(error) {
  const known = sdk[error.name];
  return {
    name: error.name,
    isOfItsClass: known !== undefined && error instanceof known,
    message: error.message,
    status: error.$metadata?.httpStatusCode,
    fault: error.$fault,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { call: name, input } = JSON.parse(line);
  const outcome = await call(name, input).then(
    (output) => ({ output }),
    (error) => ({ error: told(error) }),
  );
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
