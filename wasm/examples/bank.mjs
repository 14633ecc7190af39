// What both banks are: an engine that knows the bank's application and what a payment is, and a day that is played with a
// phone against the running server.

import { Phone, toUrl } from 'countersign/testing';

const applicationId = 'bank';
const pin = '1234';

/** Prepares an engine over an empty store. */
export async function prepare(engine) {
  const server = engine.server();
  const { applications } = await server.getApplicationList();
  if (applications.some((it) => it.applicationId === applicationId)) return;
  await server.createApplication({ applicationId });
  await server.createOperationTemplate({
    templateName: 'payment', operationType: 'payment', dataTemplate: 'A1*A${amount}EUR*I${iban}',
    signatureType: ['POSSESSION_KNOWLEDGE'], maxFailureCount: 5, expiration: 300,
  });
  await engine.admin().putOperationTexts([
    { placeholder: 'payment', language: 'en', title: 'Payment', message: 'Pay ${amount} EUR to ${iban}?' },
  ]);
}

/** Begins a payment, which waits for its user's approval. */
export async function pay(engine, userId, { amount, iban }) {
  const made = await engine.server().createOperation({ userId, applicationId, templateName: 'payment', parameters: { amount, iban } });
  return made.id;
}

/** How far a payment of this user is; undefined when it is none. */
export async function payment(engine, userId, operationId) {
  const found = await engine.server().operationDetail({ operationId });
  return found.userId === userId ? found.status : undefined;
}

async function fetched(url, options) {
  const response = await fetch(url, options);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  return text;
}

async function payOnce(phone, base, approve, say) {
  const body = JSON.stringify({ amount: '100', iban: 'CZ6508000000192000145399' });
  const id = await fetched(`${base}/payments`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const waiting = (await phone.operations()).filter((operation) => operation.id === id);
  for (const operation of waiting) {
    if (approve) await phone.approve(operation, pin);
    else await phone.reject(operation, 'UNEXPECTED_OPERATION');
  }
  say(`payment: ${await fetched(`${base}/payments/${id}`)}`);
}

/** A day with the bank: a phone is activated, adds a contact, approves one payment and rejects another. */
export async function play(engine, base, say) {
  const server = engine.server();
  const { versions } = await server.getApplicationDetail({ applicationId });
  // Its app knows two addresses: /app for the protocol, and the bank's own routes.
  const [own, protocol] = [toUrl(base), toUrl(`${base}/app`)];
  const send = (request) => (request.path.startsWith('/contacts') ? own(request) : protocol(request));
  const phone = new Phone({ mobileSdkConfig: versions[0].mobileSdkConfig }, send);
  // The user scans a code in the bank's browser application.
  const { activationCode } = await server.initActivation({ userId: 'alice', applicationId });
  const { activationId } = await phone.activate(activationCode, pin);
  await server.commitActivation({ activationId });
  say(`activation: ${(await phone.status()).status}`);
  await phone.createToken();
  for (const typed of [pin, '9999']) {
    const { status } = await phone.sign({ path: '/contacts', body: '{"name":"Bob"}' }, '/contacts', typed);
    say(`contact with PIN ${typed}: ${status}`);
  }
  await payOnce(phone, base, true, say);
  await payOnce(phone, base, false, say);
  phone.free();
}
